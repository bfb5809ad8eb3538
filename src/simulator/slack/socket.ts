import { createHash, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Delivered, Recorded } from './requests.ts';

/** Socket Mode: the app connects to us, and requests travel as messages over that connection. */
export interface Sockets {
  connected(): boolean;
  deliver(recorded: Recorded, retry?: { num: number; reason: string }): Promise<Delivered>;
  close(): void;
}

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODES = { text: 1, close: 8, ping: 9, pong: 10 };
/** How long Slack waits for an acknowledgement. */
const PATIENCE = 3_000;
const TYPES: Record<Recorded['kind'], string> = {
  event: 'events_api',
  command: 'slash_commands',
  button: 'interactive',
  submission: 'interactive',
};

/** Takes WebSocket connections at /socket. */
export function openSockets(server: Server): Sockets {
  const open = new Set<Duplex>();
  const waiting = new Map<string, (payload: unknown) => void>();
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => open.delete(socket));
    readFrames(socket, (text) => {
      const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id: string; payload?: unknown };
      waiting.get(id)?.(payload);
    });
    write(socket, JSON.stringify({ type: 'hello', num_connections: open.size }));
  });
  return {
    connected: () => open.size > 0,
    deliver: async (recorded, retry) => {
      const id = randomUUID();
      const [socket] = open;
      const answered = new Promise<unknown>((resolve) => {
        waiting.set(id, resolve);
        setTimeout(() => resolve(undefined), PATIENCE).unref();
      });
      const more = retry ? { retry_attempt: retry.num, retry_reason: retry.reason } : {};
      if (socket)
        write(
          socket,
          JSON.stringify({
            type: TYPES[recorded.kind],
            envelope_id: id,
            payload: payloadOf(recorded),
            accepts_response_payload: recorded.kind !== 'event',
            ...more,
          }),
        );
      const payload = await answered;
      waiting.delete(id);
      const status = payload === undefined ? 0 : 200;
      recorded.answers.push({ status, body: JSON.stringify(payload ?? null), retryNum: retry?.num ?? null });
      const empty = typeof payload !== 'object' || payload === null || !Object.keys(payload).length;
      return { status, body: empty ? null : payload, recorded };
    },
    close: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function payloadOf({ kind, body }: Recorded): unknown {
  if (kind === 'event') return JSON.parse(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return kind === 'command' ? form : JSON.parse(form.payload ?? '{}');
}

function write(socket: Duplex, text: string | Buffer, opcode = OPCODES.text): void {
  const data = Buffer.from(text);
  const head =
    data.length < 126
      ? Buffer.from([0x80 | opcode, data.length])
      : Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (data.length >= 126) head.writeBigUInt64BE(BigInt(data.length), 2);
  socket.write(Buffer.concat([head, data]));
}

/** Reads whole, unfragmented frames, which is all that clients of this size send. */
function readFrames(socket: Duplex, onText: (text: string) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = frameIn(rest); frame; frame = frameIn(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.opcode === OPCODES.text) onText(frame.data.toString('utf8'));
      if (frame.opcode === OPCODES.ping) write(socket, frame.data, OPCODES.pong);
      if (frame.opcode === OPCODES.close) {
        write(socket, frame.data, OPCODES.close);
        socket.end();
      }
    }
  });
}

/** The first frame of the bytes, unmasked; null while it is not complete. */
function frameIn(bytes: Buffer): { opcode: number; data: Buffer; size: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start + 4) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const size = start + 4 + length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(start, start + 4);
  const data = Buffer.from(bytes.subarray(start + 4, size).map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
  return { opcode: bytes.readUInt8(0) & 0x0f, data, size };
}
