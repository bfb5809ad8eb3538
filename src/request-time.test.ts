import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { limitRequests } from './request-time.ts';

const TIMES = { most: 200, withFiles: 60_000 };
let server: Server;
let socket: Socket;

beforeEach(async () => {
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  limitRequests(server, TIMES);
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
});
afterEach(() => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** Answers once the request is there, and not at once. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    for await (const _ of request);
    await setTimeout(2 * TIMES.most);
    response.end('there');
  } catch {
    response.destroy();
  }
}
/** Sends that much of a request. @returns what was answered until the connection ended, or three times the limit was over */
async function said(head: string, body = ''): Promise<string> {
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  socket.on('error', () => undefined);
  socket.write(`${head}\r\nHost: hub\r\n\r\n${body}`);
  const isEnded = await Promise.race([once(socket, 'close').then(() => true), setTimeout(5 * TIMES.most, false)]);
  return isEnded ? `${text}ended` : text;
}

test('a request that does not come whole in time is ended', async () => {
  expect(await said('POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 10', '{')).toBe('ended');
});

test('one with files has longer, and one that came whole is answered whenever that is', async () => {
  const head = 'POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 10';
  expect(await said(head, '--x')).toBe('');
});

test.each([
  ['without a body', 'GET / HTTP/1.1', ''],
  ['with one', 'POST / HTTP/1.1\r\nContent-Length: 2', '{}'],
])('one that came whole is answered, however long that takes (%s)', async (_what, head, body) => {
  expect(await said(head, body)).toContain('there');
});
