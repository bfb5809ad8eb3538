import type { ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import { fileName } from '../../core/kernel/text.ts';
import { LIMITS } from './limits.ts';
import { startThread } from './thread.ts';

/** A file that came with a mail. */
export interface Attachment {
  name: string;
  /** In bytes. */
  size: number;
  /** As the mail declares it. */
  type: string;
  content: Buffer;
}

/** What a mail brings besides its text: first its files, by whose place they are named everywhere; then pictures of its text. */
export function attachedTo({ attachments }: ParsedMail): { files: Attachment[]; others: Attachment[] } {
  const isFile = (one: ParsedMail['attachments'][number]) =>
    !one.related && !one.contentType.startsWith('message/delivery');
  const attached = attachments.map((one) => ({
    isFile: isFile(one),
    name: fileName(one.filename ?? one.contentType),
    size: one.content.length,
    type: one.contentType,
    content: one.content,
  }));
  const of = (wanted: boolean) => attached.filter((one) => one.isFile === wanted).map(({ isFile: _, ...file }) => file);
  return { files: of(true), others: of(false) };
}

/** Everything that a stored mail brings besides its text. */
export async function attachmentsOf(raw: Uint8Array): Promise<Attachment[]> {
  const mail = await simpleParser(Buffer.from(raw), {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  });
  const { files, others } = attachedTo(mail);
  return [...files, ...others];
}

/** Takes one file out of a stored mail, by its place among them; null when there is none. @throws Error when it takes too much */
type FileReader = (load: () => Promise<Uint8Array>, number: number) => Promise<Attachment | null>;

/** Requests that may wait for the thread. */
const WAITING = 20;

/**
 * Takes files out one after the other, so that of all mails asked for no more than one is in memory: each in a thread of its
 * own, which is ended when it takes too much. Mails are foreign.
 */
export function openFileReader(milliseconds: number = LIMITS.readMilliseconds): FileReader {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (load, number) => {
    if (waiting >= WAITING) throw new Error('too many files are asked for at once');
    waiting += 1;
    const reading = last.then(async () => readInThread(await load(), number, milliseconds));
    last = reading
      .catch(() => undefined)
      .finally(() => {
        waiting -= 1;
      });
    return reading;
  };
}

/** What is sent to the thread. */
export interface FileWanted {
  raw: Uint8Array;
  number: number;
}

async function readInThread(raw: Uint8Array, number: number, milliseconds: number): Promise<Attachment | null> {
  if (raw.length > LIMITS.mailBytes) throw new Error('the mail is larger than any we take');
  const worker = await startThread(new URL('./attachment-worker.ts', import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<Attachment | null>();
  const late = setTimeout(
    () => reject(new Error(`the mail could not be read within ${milliseconds} ms`)),
    milliseconds,
  );
  worker
    .once('message', (found: Attachment | null) => resolve(found && { ...found, content: Buffer.from(found.content) }))
    .once('error', reject)
    .once('exit', () => reject(new Error('its reader was ended')));
  const wanted: FileWanted = { raw: Uint8Array.from(raw), number };
  worker.postMessage(wanted, [wanted.raw.buffer as ArrayBuffer]);
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    void worker.terminate();
  }
}
