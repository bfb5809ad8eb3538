import { once } from 'node:events';
import type { ClientRequest, Server } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Parts } from './multipart.ts';
import { readMultipart } from './multipart.ts';

/** Milliseconds until a browser that sends nothing counts as gone. */
const STILL = 200;
let server: Server;
let read: Promise<string>;
/** What the files were: name and length. */
let files: string[];
/** Milliseconds that each of them is worked on, before it is read. */
let work: number;

beforeEach(async () => {
  [files, work] = [[], 0];
  const done = Promise.withResolvers<string>();
  read = done.promise;
  server = createServer((request, response) => {
    const reading = readMultipart(request, parts, STILL);
    void reading
      .then(
        () => 'read',
        (error: Error) => error.message,
      )
      .then((word) => {
        response.end(word);
        done.resolve(word);
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const parts: Parts = {
  field: () => undefined,
  file: async (_field, { name, content }) => {
    await setTimeout(work);
    let size = 0;
    for await (const bytes of content) size += (bytes as Buffer).length;
    files.push(`${name} ${size}`);
  },
  files: 10,
  most: 10_000_000,
};

/** Begins to send a form with files of that many bytes. */
function begin(sizes: readonly number[]): { post: ClientRequest; body: Buffer } {
  const ends = sizes.map(
    (size, index) =>
      `--x\r\nContent-Disposition: form-data; name="f"; filename="${index}"\r\n\r\n${'a'.repeat(size)}\r\n`,
  );
  const body = Buffer.from(`${ends.join('')}--x--\r\n`);
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': body.length };
  const { port } = server.address() as AddressInfo;
  const post = request({ port, host: '127.0.0.1', method: 'POST', headers });
  post.on('error', () => undefined);
  return { post, body };
}

test('files that are worked on for longer than a browser may stand still are read to their end', async () => {
  work = 3 * STILL;
  const { post, body } = begin([400_000, 400_000]);
  post.end(body);

  expect(await read).toBe('read');
  expect(files).toEqual(['0 400000', '1 400000']);
});

test('a browser that stands still in the middle is given up', async () => {
  const { post, body } = begin([400_000]);
  post.write(body.subarray(0, 300_000));

  expect(await read).toBe('the browser hung up');
  expect(files).toEqual([]);
});

test('one that is slow is waited for', async () => {
  const { post, body } = begin([1_000]);
  for (let at = 0; at < body.length; at += 200) {
    post.write(body.subarray(at, at + 200));
    await setTimeout(STILL / 2);
  }
  post.end();

  expect(await read).toBe('read');
  expect(files).toEqual(['0 1000']);
});
