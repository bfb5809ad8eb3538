import { DomainError } from './errors.ts';
import { Hidden } from './hidden.ts';
import { seal, unseal } from './seal.ts';
import type { Secrets } from './secrets.ts';

/** Something secret that somebody typed. What it is comes out by `seal`, and by nothing else. */
export class Secret extends Hidden {
  readonly #text: string;

  constructor(text: string) {
    super('secret');
    this.#text = text;
  }

  /**
   * Seals it under a key of 32 bytes, like that of the open firm (`firmKey`).
   * @param about what it belongs to: it opens for nothing else
   */
  seal(key: Buffer, about: string): Buffer {
    return seal(key, Buffer.from(this.#text), about);
  }

  override mark(secrets: Secrets): string {
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
