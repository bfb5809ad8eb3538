import type { Hash } from 'node:crypto';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { DomainError } from './errors.ts';
import { nameOfType, typeOf } from './file-type.ts';
import { openPieces, sealPieces } from './sealed-stream.ts';
import { fileName } from './text.ts';

/** Where sealed files lie: a directory of this machine, or a bucket. The names are ours. */
export interface Storage {
  /** Stores what is read, whole or not at all. */
  put(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Null where there is none of that name. */
  get(name: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** One that is not there is removed already. */
  remove(name: string): Promise<void>;
}

/** Looks for what does harm in files as they come. */
export interface Scanner {
  /** @throws Error where it cannot be reached: then nothing is taken */
  begin(): Promise<Scan>;
}

export interface Scan {
  write(piece: Uint8Array): Promise<void>;
  /** What it is called; null for what is clean. @throws Error where it has no answer */
  end(): Promise<string | null>;
  abort(): void;
}

/** A file as somebody sends it. */
export interface SentFile {
  name: string;
  /** As the browser declares it. */
  type: string;
  content: AsyncIterable<Uint8Array>;
}

/** A file that was taken: sealed and stored, and not yet anybody's. */
export interface TakenFile {
  /** Under which it is stored. */
  stored: string;
  name: string;
  /** By its content, and where that does not tell, as it was declared. */
  type: string;
  /** In bytes. */
  size: number;
  /** SHA-256 of its content, base64url. */
  digest: string;
  /** The key under which it is sealed, base64url: the firm's key seals that. */
  key: string;
  /** `off`: the operator has said that nothing is scanned. */
  scan: 'clean' | 'off';
}

/** A file that is kept, with the key that opens it. */
export interface KeptFile extends Pick<TakenFile, 'stored' | 'name' | 'type' | 'size' | 'scan'> {
  key: Buffer;
}

/** How this hub keeps files. */
export interface Files {
  /** Can anybody send files here? Not before the operator has said how they are scanned. */
  takes: boolean;
  /** The largest, in bytes. */
  most: number;
  /**
   * Takes a file piece by piece: counted, scanned and sealed as it comes. What is too large is cut off in the middle.
   * @throws DomainError invalid where it is refused, unavailable where nothing can be taken; nothing is kept then
   */
  take(file: SentFile): Promise<TakenFile>;
  /** @throws DomainError unavailable for what was never scanned where files are, and for what is not there any more */
  open(file: KeptFile): Promise<AsyncIterable<Uint8Array>>;
  /** Removes what was taken and is nobody's. What cannot be removed just now stays, sealed under a key that nobody has. */
  drop(stored: readonly string[]): Promise<void>;
}

/** `off` has to be said on purpose: without a word of it nothing is taken. */
export type Scanning = Scanner | 'off' | null;

/** Files in a storage. @param most the largest, in bytes */
export function filesIn(storage: Storage, scanning: Scanning, most: number): Files {
  return {
    takes: scanning !== null,
    most,
    take: (file) => take(storage, scanning, most, file),
    open: async ({ stored, key, scan }) => {
      // Where files are scanned, what was taken before that began is not handed out.
      if (scan !== 'clean' && scanning !== 'off')
        throw new DomainError(
          'unavailable',
          'This file was never scanned, so it is not handed out. Ask for it once more.',
        );
      const sealed = await storage.get(stored);
      if (!sealed) throw new DomainError('unavailable', 'This file is not kept any more. Ask for it once more.');
      return openPieces(key, sealed);
    },
    drop: async (stored) => {
      await Promise.allSettled(stored.map((one) => storage.remove(one)));
    },
  };
}

/** What is said where nobody has said how files are scanned. */
export const NOT_TAKEN = 'No files can be taken here yet: the operator has to say how they are scanned (PARLEY_SCAN).';

async function take(storage: Storage, scanning: Scanning, most: number, file: SentFile): Promise<TakenFile> {
  if (!scanning) throw new DomainError('unavailable', NOT_TAKEN);
  const name = fileName(file.name);
  const scan = scanning === 'off' ? null : await scanning.begin().catch(notScanned);
  const key = randomBytes(32);
  const stored = randomUUID();
  const seen: Seen = { size: 0, head: Buffer.alloc(0), digest: createHash('sha256') };
  try {
    await storage.put(stored, sealPieces(key, watched(file.content, { scan, most, name, seen })));
    const found = scan ? await scan.end().catch(notScanned) : null;
    if (found) throw refused(`“${name}” was refused by the scan for viruses: ${found}`);
  } catch (error) {
    scan?.abort();
    // Why it was not taken is the answer, whether or not what was stored of it can be removed.
    await storage.remove(stored).catch(() => undefined);
    throw error;
  }
  const type = typeOf(seen.head, file.type);
  const { size, digest } = seen;
  const sent = { name: nameOfType(name, type), type, size, digest: digest.digest('base64url') };
  return { stored, ...sent, key: key.toString('base64url'), scan: scan ? 'clean' : 'off' };
}

/** What was seen of a file as it went by. */
interface Seen {
  size: number;
  head: Buffer;
  digest: Hash;
}

/** Bytes by which a file's type is told. */
const HEAD = 1_024;

async function* watched(
  content: AsyncIterable<Uint8Array>,
  { scan, most, name, seen }: { scan: Scan | null; most: number; name: string; seen: Seen },
): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    seen.size += piece.length;
    if (seen.size > most) throw refused(`“${name}” is larger than ${limitText(most)}, which is the most`);
    if (seen.head.length < HEAD) seen.head = Buffer.concat([seen.head, piece]).subarray(0, HEAD);
    seen.digest.update(piece);
    await scan?.write(piece).catch(notScanned);
    yield piece;
  }
  if (!seen.size) throw refused(`“${name}” is empty`);
}

/** The largest that is taken, in whole megabytes, as the setting says it. */
export function limitText(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}

/** As operators count them. */
export const MEGABYTE = 1_024 * 1_024;

function refused(say: string): DomainError {
  return new DomainError('invalid', `Please check: files: ${say}`, { fields: { files: say } });
}

/** @param cause for the log: the people who send files are told that there is no answer */
function notScanned(cause: unknown): never {
  const say = 'The scan for viruses has no answer just now, so no file was taken. Please try again in a minute.';
  throw Object.assign(new DomainError('unavailable', say), { cause });
}
