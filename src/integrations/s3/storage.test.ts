import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Storage } from '../../core/kernel/files.ts';
import { s3Storage } from './storage.ts';

const MIB = 1_024 * 1_024;

let server: Server;
let storage: Storage;
let isDown = false;
/** What the stand-in holds, by path, and uploads in parts that were begun. */
const kept = new Map<string, Buffer>();
const begun = new Map<string, Map<number, Buffer>>();

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  storage = s3Storage(
    { bucket: 'files', prefix: 'parley/' },
    { region: 'eu-central-1', url, keys: { id: 'key', secret: 'secret of the bucket' } },
  );
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As much of S3 as is used: objects, and uploads in parts. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://s3');
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const xml = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`);
  if (isDown) return void xml(503, '<Error><Code>SlowDown</Code><Message>Later</Message></Error>');
  if (!request.headers.authorization?.includes('AWS4-HMAC-SHA256'))
    return void xml(403, '<Error><Code>AccessDenied</Code></Error>');
  const id = query.get('uploadId');
  const parts = id ? begun.get(id) : undefined;
  switch (request.method) {
    case 'PUT':
      if (parts) parts.set(Number(query.get('partNumber')), body);
      else kept.set(pathname, body);
      return void response.writeHead(200, { etag: '"e"' }).end();
    case 'POST': {
      if (query.has('uploads')) {
        const made = `upload-${begun.size + 1}`;
        begun.set(made, new Map());
        return void xml(
          200,
          `<InitiateMultipartUploadResult><UploadId>${made}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      const all = [...(parts ?? [])].sort(([one], [other]) => one - other).map(([, part]) => part);
      kept.set(pathname, Buffer.concat(all));
      begun.delete(id ?? '');
      return void xml(200, '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>');
    }
    case 'DELETE':
      if (id) begun.delete(id);
      else kept.delete(pathname);
      return void response.writeHead(204).end();
    default: {
      const found = kept.get(pathname);
      if (!found) return void xml(404, '<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
      return void response.writeHead(200, { 'content-length': found.length }).end(found);
    }
  }
}

async function read(name: string): Promise<Buffer | null> {
  const content = await storage.get(name);
  if (!content) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('a small file and one of several parts are stored under the prefix, and come back as they were', async () => {
  const large = Buffer.alloc(12 * MIB, 'x');
  await storage.put('small', Readable.from([Buffer.from('words')]));
  await storage.put('large', Readable.from([large.subarray(0, 7 * MIB), large.subarray(7 * MIB)]));

  expect((await read('small'))?.toString()).toBe('words');
  expect((await read('large'))?.equals(large)).toBe(true);
  expect([...kept.keys()].sort()).toEqual(['/files/parley/large', '/files/parley/small']);
  await storage.remove('large');
  expect(await read('large')).toBeNull();
});

test('what breaks off in the middle is not there, and no part of it stays', async () => {
  async function* broken() {
    yield Buffer.alloc(6 * MIB);
    throw new Error('the browser hung up');
  }

  await expect(storage.put('broken', broken())).rejects.toThrow('hung up');
  expect(await read('broken')).toBeNull();
  expect(begun.size).toBe(0);
});

test('a store that does not answer is said in words', async () => {
  isDown = true;
  await expect(storage.get('small')).rejects.toMatchObject({ code: 'unavailable' });
  isDown = false;
}, 30_000);

test('a store that says nothing is given up', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const place = { region: 'eu-central-1', url, keys: { id: 'key', secret: 'secret of the bucket' } };
  const hanging = s3Storage({ bucket: 'files', prefix: '' }, place, { connect: 200, answer: 200 });

  const put = hanging.put('small', Readable.from([Buffer.from('words')]));
  await expect(put).rejects.toMatchObject({ code: 'unavailable' });
  await expect(hanging.get('small')).rejects.toMatchObject({ code: 'unavailable' });
  silent.closeAllConnections();
  silent.close();
});
