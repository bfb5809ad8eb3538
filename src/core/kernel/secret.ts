import { inspect } from 'node:util';
import { DomainError } from './errors.ts';
import { seal, unseal } from './seal.ts';
import type { Secrets } from './secrets.ts';
import { Uploads } from './uploads.ts';

const HIDDEN = '[secret]';

/**
 * Something secret that somebody typed. Whatever writes it down by accident (JSON, a log, a text) writes that it is secret: what
 * it is comes out by `seal`, and by nothing else.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toJSON(): string {
    return HIDDEN;
  }

  toString(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }

  /**
   * Seals it under a key of 32 bytes, like that of the open firm (`firmKey`).
   * @param about what it belongs to: it opens for nothing else
   */
  seal(key: Buffer, about: string): Buffer {
    return seal(key, Buffer.from(this.#text), about);
  }

  /** Tells whether it is the same secret, to whoever holds PARLEY_SECRET, and nothing else about it to anybody. */
  mark(secrets: Secrets): string {
    return secrets.sign('mark of a secret', this.#text);
  }
}

/** Opens what `Secret.seal` sealed. @throws DomainError unavailable when the key is another one by now */
export function openSecret(key: Buffer, sealed: Buffer, about: string): string {
  const opened = unseal(key, sealed, about);
  if (!opened)
    throw new DomainError('unavailable', 'What was sealed cannot be opened any more. Please ask for it once more.');
  return opened.toString();
}

/** An input as it is compared with that of an earlier request under the same name: of secrets and of files stands their mark. */
export function comparable(secrets: Secrets, input: unknown): string {
  return JSON.stringify(input, function marked(this: Record<string, unknown>, key, value: unknown) {
    // What it is was written as hidden before this is called.
    const own = this[key];
    return own instanceof Secret || own instanceof Uploads ? own.mark(secrets) : value;
  });
}
