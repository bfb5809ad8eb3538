import { inspect } from 'node:util';
import type { Secrets } from './secrets.ts';

/** Something that is written down nowhere: whatever does so by accident (JSON, a log, a text) writes what kind of thing it is. */
export abstract class Hidden {
  readonly #kind: string;

  /** @param kind what is written in its place */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Tells whether it is the same, to whoever holds PARLEY_SECRET, and nothing else about it to anybody. */
  abstract mark(secrets: Secrets): string;

  toJSON(): string {
    return `[${this.#kind}]`;
  }

  toString(): string {
    return `[${this.#kind}]`;
  }

  [inspect.custom](): string {
    return `[${this.#kind}]`;
  }
}

/** An input as it is compared with that of an earlier request under the same name: of what is hidden stands its mark. */
export function comparable(secrets: Secrets, input: unknown): string {
  return JSON.stringify(input, function marked(this: Record<string, unknown>, key, value: unknown) {
    // What it is was written as hidden before this is called.
    const own = this[key];
    return own instanceof Hidden ? own.mark(secrets) : value;
  });
}
