import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from 'pino';
import type { HandedFile } from './view.ts';

/** What is needed of Express's response, of which the kernel knows no more. */
type Receiver = Writable & {
  attachment(name: string): unknown;
  set(headers: Record<string, string>): unknown;
};

/**
 * Hands out a file as something to be saved, which no browser runs anything of. What turns out in the middle to be damaged is
 * broken off: whoever asked says that it is not whole.
 */
export async function handOutFile(
  log: Logger,
  response: Receiver,
  { name, type, size, content }: HandedFile,
): Promise<void> {
  response.attachment(name);
  response.set({
    'Content-Type': type,
    'Content-Length': String(size),
    'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  });
  try {
    await pipeline(content instanceof Uint8Array ? Readable.from([content]) : content, response);
  } catch (error) {
    log.warn({ err: error }, 'a file could not be handed out whole');
    response.destroy();
  }
}
