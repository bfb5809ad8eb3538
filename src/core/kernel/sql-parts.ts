import type { Sql } from './db.ts';

/** A part of a statement, with its values. */
export interface Part {
  isWanted: boolean;
  strings: TemplateStringsArray;
  values: unknown[];
}

/** Runs statements that hold others, like one that is read from: they stand among the values, and bring their own. */
export function withParts(sql: Sql): Sql {
  return <R>(strings: TemplateStringsArray, ...given: unknown[]) => {
    const { texts, values } = joined(strings, given);
    return sql<R>(textOf(texts), ...values);
  };
}

/** The statement with those of its parts that are wanted. */
export function joined(strings: TemplateStringsArray, given: unknown[]): { texts: string[]; values: unknown[] } {
  const texts = [strings[0] ?? ''];
  const values: unknown[] = [];
  const add = (text: string) => texts.push(`${texts.pop()}${text}`);
  for (const [index, value] of given.entries()) {
    if (isPart(value)) {
      if (value.isWanted) {
        const part = joined(value.strings, value.values);
        add(part.texts[0] ?? '');
        texts.push(...part.texts.slice(1));
        values.push(...part.values);
      }
      add(strings[index + 1] ?? '');
    } else {
      values.push(value);
      texts.push(strings[index + 1] ?? '');
    }
  }
  return { texts, values };
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && 'isWanted' in value;
}

const statements = new Map<string, TemplateStringsArray>();

/** What `sql` takes, of a text that is put together when it runs: the same for the same text, so that it is prepared once. */
export function textOf(parts: string[]): TemplateStringsArray {
  const key = parts.join('?');
  const known = statements.get(key) ?? Object.assign(parts, { raw: parts });
  statements.set(key, known);
  return known;
}
