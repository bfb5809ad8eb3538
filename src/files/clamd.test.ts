import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { clamd } from './clamd.ts';

let server: Server | null = null;
afterEach(async () => {
  server?.close();
  server = null;
});

/** Listens like clamd does: reads INSTREAM, and says this of what came. */
async function listening(says: (content: Buffer) => string | null): Promise<number> {
  server = createServer((socket: Socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (more) => {
      bytes = Buffer.concat([bytes, more]);
      const content = contentOf(bytes);
      if (!content) return;
      const answer = says(content);
      if (answer === null) socket.destroy();
      else socket.end(`${answer}\0`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What was sent, once its end was. @throws Error for another command */
function contentOf(bytes: Buffer): Buffer | null {
  const command = Buffer.from('zINSTREAM\0');
  if (bytes.length < command.length) return null;
  if (!bytes.subarray(0, command.length).equals(command)) throw new Error('another command');
  const pieces: Buffer[] = [];
  for (let at = command.length; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}

async function scanned(port: number, pieces: readonly string[]): Promise<string | null> {
  const scan = await clamd({ host: '127.0.0.1', port }).begin();
  for (const piece of pieces) await scan.write(Buffer.from(piece));
  return scan.end();
}

test('what is clean is, and what was found is named', async () => {
  const seen: string[] = [];
  const port = await listening((content) => {
    seen.push(content.toString());
    return content.includes('EICAR') ? 'stream: Win.Test.EICAR_HDB-1 FOUND' : 'stream: OK';
  });

  expect(await scanned(port, ['some ', 'words'])).toBeNull();
  expect(await scanned(port, ['x EICAR'])).toBe('Win.Test.EICAR_HDB-1');
  expect(seen).toEqual(['some words', 'x EICAR']);
});

test('an error, an answer of another kind, and a scanner that hangs up or is not there are no yes', async () => {
  const port = await listening(() => 'INSTREAM size limit exceeded. ERROR');
  await expect(scanned(port, ['words'])).rejects.toThrow('size limit');
  server?.close();
  const silent = await listening(() => null);
  await expect(scanned(silent, ['words'])).rejects.toThrow();
  server?.close();
  await expect(scanned(silent, ['words'])).rejects.toThrow();
});
