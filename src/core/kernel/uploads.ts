import type { Actor } from './actor.ts';
import { DomainError } from './errors.ts';
import type { TakenFile } from './files.ts';
import { Hidden } from './hidden.ts';
import type { Secrets } from './secrets.ts';

/** Milliseconds between taking files and the command that makes them somebody's: both are one request. */
const MINUTES_15 = 900_000;
/** Files of one form. */
export const MOST_FILES = 10;
/** Most characters of what says which files were taken: names, sizes and keys of `MOST_FILES`. */
export const UPLOADS_TEXT = 20_000;
const PURPOSE = 'files that were taken';

interface Taken {
  tenantId: string;
  expires: number;
  files: TakenFile[];
}

/** Says which files were taken just now, for which firm. It holds their keys, and leaves this process by no way. */
export function signUploads(secrets: Secrets, { tenantId, files }: Omit<Taken, 'expires'>, now: Date): string {
  const taken: Taken = { tenantId, files, expires: now.getTime() + MINUTES_15 };
  const text = Buffer.from(JSON.stringify(taken)).toString('base64url');
  return `${text}.${secrets.sign(PURPOSE, text)}`;
}

/** Files that somebody sent with a form, before anybody has looked whether this hub took them. */
export class Uploads extends Hidden {
  readonly #token: string;

  constructor(token: string) {
    super('files');
    this.#token = token;
  }

  /** @throws DomainError invalid for what this hub did not take just now, for this very firm */
  read(secrets: Secrets, actor: Actor, now: Date): TakenFile[] {
    const taken = this.#taken(secrets);
    const isTheirs = taken?.tenantId === actor.tenantId && taken.expires >= now.getTime();
    if (!isTheirs || !taken.files.length)
      throw new DomainError('invalid', 'Please check: files: are needed', { fields: { files: 'are needed' } });
    return taken.files;
  }

  /** The same for the same files, whenever they were sent. */
  override mark(secrets: Secrets): string {
    const taken = this.#taken(secrets);
    if (!taken) return secrets.sign(PURPOSE, this.#token);
    const { files } = taken;
    const told = files.map(({ name, size, digest }) => [name, size, digest]);
    return secrets.sign(PURPOSE, JSON.stringify(told));
  }

  /** Null for what this hub did not sign. */
  #taken(secrets: Secrets): Taken | null {
    const [text = '', signature = ''] = this.#token.split('.');
    return secrets.verify(PURPOSE, text, signature)
      ? (JSON.parse(Buffer.from(text, 'base64url').toString()) as Taken)
      : null;
  }
}
