import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { BusboyInstance } from '@fastify/busboy';
import { Busboy } from '@fastify/busboy';

/** Most characters of a field beside the files, and most fields: those that seal a form, and a few that are typed. */
const FIELD = 64 * 1_024;
const FIELDS = 50;
/** Milliseconds without a byte until a browser counts as gone. */
const STILL = 120_000;

/** What is done with the parts of a form, in their order. */
export interface Parts {
  /** @param isBehind whether it stands behind a file */
  field(name: string, value: string, isBehind: boolean): void;
  /** The content is read to its end, or resumed. The next file comes when this one is done. */
  file(name: string, file: { name: string; type: string; content: Readable }): Promise<void>;
  /** Files that are read at most; more are left out. */
  files: number;
  /** Bytes of the whole form. */
  most: number;
}

/**
 * Reads a form of the kind multipart/form-data as it comes; nothing is held in memory whole.
 * @param still milliseconds until a browser that sends nothing, though it could, counts as gone
 * @throws Error with a status for what is no form, is larger than any, or does not come whole. No file is being read any more then
 */
export function readMultipart(request: IncomingMessage, parts: Parts, still = STILL): Promise<void> {
  const { field, file, files: atMost, most } = parts;
  return new Promise((resolve, reject) => {
    const files: Promise<void>[] = [];
    const open: Readable[] = [];
    let turn: Promise<void> = Promise.resolve();
    let size = 0;
    let isBehind = false;
    const fail = (error: Error) => {
      request.unpipe(busboy);
      request.resume();
      // Whoever reads one of them is told that there is no more.
      for (const stream of open) stream.destroy(error);
      void Promise.allSettled(files).then(() => reject(error));
    };
    let busboy: BusboyInstance;
    try {
      busboy = new Busboy({
        headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
        limits: { fields: FIELDS, fieldSize: FIELD, fieldNameSize: 100, files: atMost, parts: FIELDS + atMost },
      });
    } catch (error) {
      return reject(withStatus(400, error));
    }
    busboy.on('field', (name, value, nameCut, valueCut) => {
      if (name && !nameCut && !valueCut) field(name, value, isBehind);
    });
    busboy.on('file', (name, stream, filename, _encoding, type) => {
      isBehind = true;
      const content: Readable = stream;
      // What breaks off in the middle says so here first, whether or not anybody reads it.
      content.on('error', () => undefined);
      // A field of files in which none was chosen is sent with one that has no name.
      if (!name || !filename) return void content.resume();
      open.push(content);
      // One after the other, in their order: of what is small the next begins before this one is stored.
      const one = turn.then(() => file(name, { name: filename, type, content }));
      turn = one.catch(() => undefined);
      one.catch(fail);
      files.push(one);
    });
    busboy.on('error', (error) => fail(withStatus(400, error)));
    busboy.on('finish', () => Promise.all(files).then(() => resolve(), fail));

    const hungUp = () => fail(withStatus(400, new Error('the browser hung up')));
    const waiting = setTimeout(() => {
      // While what came is worked on, nothing is read of it: the browser is not the one that is waited for.
      if (request.isPaused()) waiting.refresh();
      else request.destroy();
    }, still);
    request.on('data', (bytes: Buffer) => {
      waiting.refresh();
      size += bytes.length;
      if (size <= most) return;
      fail(withStatus(413, new Error('the form is larger than any')));
      request.destroy();
    });
    request.once('end', () => clearTimeout(waiting));
    request.once('close', () => {
      clearTimeout(waiting);
      // It may have sent everything, of which the rest is lost with the connection.
      if (!request.readableEnded) hungUp();
    });
    if (request.destroyed) {
      clearTimeout(waiting);
      return hungUp();
    }
    request.pipe(busboy);
  });
}

function withStatus(status: number, error: unknown): Error {
  return Object.assign(error as Error, { status });
}
