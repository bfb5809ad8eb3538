import { z } from 'zod';
import type { AnyCommand } from '../core/kernel/command.ts';
import type { Registry } from '../core/kernel/registry.ts';

/** A field of a command's input, as the command line takes it. */
interface Argument {
  name: string;
  needed: boolean;
  /** What may stand there, in words. */
  form: string;
}

/** Prints the commands there are with their arguments; or one of them, with what each argument may be. */
export function printCommands(registry: Registry, wanted: string | undefined, print: (line: string) => void): number {
  if (wanted === undefined) {
    const all = [...registry.commands.values()].sort((a, b) => a.name.localeCompare(b.name));
    for (const command of all) print(usageOf(command));
    print('\nWhat each argument may be: npm run parley -- commands <command>');
    return 0;
  }
  const command = registry.commands.get(wanted);
  if (!command) {
    print(`There is no command ${wanted}: npm run parley -- commands lists them`);
    return 2;
  }
  print(`npm run parley -- do ${usageOf(command)}\n`);
  for (const { name, needed, form } of argumentsOf(command))
    print(`  ${name.padEnd(12)} ${form}${needed ? '' : ' (may be left out)'}`);
  return 0;
}

/** `cycle.approve cycle=… hash=… [note=…]` */
export function usageOf(command: AnyCommand): string {
  const words = argumentsOf(command).map(({ name, needed }) => (needed ? `${name}=…` : `[${name}=…]`));
  return [command.name, ...words].join(' ');
}

interface Schema {
  type?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  description?: string;
  /** As a form shows it: the metadata of a schema travels with its JSON. */
  label?: string;
  hint?: string;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

function argumentsOf(command: AnyCommand): Argument[] {
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' }) as Schema;
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    needed: schema.required?.includes(name) ?? false,
    form: [field.description ?? formOf(field), ...wordsOf(field)].join(' – '),
  }));
}

/** What a form says of the field. */
function wordsOf({ label, hint }: Schema): string[] {
  return label ? [[label, ...(hint ? [hint] : [])].join(' ')] : [];
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'an id, as the lists show it',
  email: 'a mail address',
  uri: 'an address',
  date: 'a day, like 2026-11-25',
  'date-time': 'a time, like 2026-11-25T16:30:00Z',
};

function formOf(field: Schema): string {
  if (field.anyOf) return field.anyOf.map(formOf).join(', or ');
  if (field.enum) return field.enum.join(' | ');
  if (field.const !== undefined) return String(field.const);
  if (field.format && FORMATS[field.format]) return FORMATS[field.format] ?? '';
  switch (field.type) {
    case 'integer':
    case 'number':
      return `a number${bounds(field)}`;
    case 'boolean':
      return 'true | false';
    case 'array':
      return `a list: ${formOf(field.items ?? {})}`;
    case 'string':
      return field.maxLength ? `a text of at most ${field.maxLength} characters` : 'a text';
    default:
      return 'a value';
  }
}

function bounds({ minimum, maximum }: Schema): string {
  // Zod writes the limits of what JavaScript can count where a schema has none.
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (low && high) return ` from ${minimum} to ${maximum}`;
  return low ? ` of at least ${minimum}` : high ? ` of at most ${maximum}` : '';
}
