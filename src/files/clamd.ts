import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Scan, Scanner } from '../core/kernel/files.ts';

/** Milliseconds without a word until the scanner counts as gone: a large archive takes it a while. */
const PATIENCE = 60_000;
/** The longest answer of clamd: a stream's name, and what it found. */
const ANSWER = 4_096;

/** Where clamd listens: a socket of this machine, or a host and port. */
export type ClamdPlace = { path: string } | { host: string; port: number };

/** Scans by clamd's INSTREAM: https://docs.clamav.net/manual/Usage/Scanning.html#clamd */
export function clamd(place: ClamdPlace): Scanner {
  return {
    begin: async () => {
      const socket = connect(place);
      socket.setTimeout(PATIENCE, () => socket.destroy(new Error('the scanner has no answer')));
      await once(socket, 'connect');
      return streamTo(socket);
    },
  };
}

function streamTo(socket: Socket): Scan {
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    answer = (answer + text).slice(0, ANSWER);
  });
  const ended = once(socket, 'close');
  // Whoever writes or ends is told; where nobody does any more, an error is nobody's.
  ended.catch(() => undefined);
  socket.write('zINSTREAM\0');
  return {
    write: async (piece) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(piece.length);
      await send(socket, Buffer.concat([length, piece]));
    },
    end: async () => {
      await send(socket, Buffer.alloc(4));
      await ended;
      return verdictOf(answer);
    },
    abort: () => {
      socket.on('error', () => undefined);
      socket.destroy();
    },
  };
}

async function send(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.destroyed) throw new Error('the scanner hung up');
  await new Promise<void>((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** "stream: OK", "stream: Eicar-Signature FOUND", or "… ERROR". Whatever else it says is no yes. */
function verdictOf(answer: string): string | null {
  const text = answer.replaceAll('\0', '').trim();
  if (text === 'stream: OK') return null;
  const [, found] = /^stream: (.+) FOUND$/.exec(text) ?? [];
  if (!found) throw new Error(`the scanner answered: ${text.slice(0, 200)}`);
  return found.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
}
