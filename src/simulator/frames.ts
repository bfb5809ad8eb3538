import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODES = { text: 1, close: 8, ping: 9, pong: 10 };

/** Answers the request that opens a WebSocket. */
export function acceptSocket(request: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

export function writeFrame(socket: Duplex, text: string | Buffer, opcode = OPCODES.text): void {
  const data = Buffer.from(text);
  const head =
    data.length < 126
      ? Buffer.from([0x80 | opcode, data.length])
      : Buffer.from([0x80 | opcode, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (data.length >= 126) head.writeBigUInt64BE(BigInt(data.length), 2);
  socket.write(Buffer.concat([head, data]));
}

/** Reads whole, unfragmented frames, which is all that clients of this size send. */
export function readFrames(socket: Duplex, onText: (text: string) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = frameIn(rest); frame; frame = frameIn(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.opcode === OPCODES.text) onText(frame.data.toString('utf8'));
      if (frame.opcode === OPCODES.ping) writeFrame(socket, frame.data, OPCODES.pong);
      if (frame.opcode === OPCODES.close) {
        writeFrame(socket, frame.data, OPCODES.close);
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
