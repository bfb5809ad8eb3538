import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

/**
 * What zod found, in words that follow the name of a field: "title is missing". Used where a schema has no words of its own.
 * @returns undefined for what only zod's own words fit
 */
export function inPlainWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : `must be ${listed(issue.values.map(String))}`;
    case 'too_small':
      return sized(issue.origin, Number(issue.minimum), 'at least');
    case 'too_big':
      return sized(issue.origin, Number(issue.maximum), 'at most');
    case 'invalid_format':
      return FORMATS[issue.format];
    case 'unrecognized_keys':
      return `has no field ${listed(issue.keys)}`;
    default:
      return undefined;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a set of fields',
  record: 'a set of fields',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'must be an id as the lists show it, like 3f2c1a9e-…',
  email: 'must be a mail address',
  url: 'must be an address, like https://example.com',
  date: 'must be a day, like 2026-11-25',
  datetime: 'must be a time, like 2026-11-25T16:30:00Z',
};

function sized(origin: string, size: number, bound: string): string {
  if (origin !== 'string') return `must be ${bound} ${size}${origin === 'array' ? ' long' : ''}`;
  if (bound === 'at least' && size === 1) return 'must not be empty';
  return `must have ${bound} ${size} characters`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
