import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Says how the rest is laid out: pieces of what was sealed, each with its tag behind it. */
const LAYOUT = 1;
/** Bytes of content in a piece; the last has fewer, and may have none. A piece is held in memory whole. */
const PIECE = 1_024 * 1_024;
const TAG = 16;

/**
 * Seals what is read under a key of its own (32 bytes), with AES-256-GCM, piece by piece. Each piece is sealed together with its place
 * and with whether it is the last: none can be left out, moved or added, and nothing be cut off, without being noticed.
 */
export async function* sealPieces(key: Buffer, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield Buffer.of(LAYOUT);
  let place = 0;
  for await (const { piece, isLast } of inPieces(content, PIECE)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place, isLast));
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
    place += 1;
  }
}

/** Opens what `sealPieces` sealed. @throws Error as soon as a piece is not what was sealed there */
export async function* openPieces(key: Buffer, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let place = 0;
  for await (const { piece, isLast } of inPieces(withoutLayout(sealed), PIECE + TAG)) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place, isLast));
    if (piece.length < TAG) throw new Error('a sealed file ends in the middle');
    decipher.setAuthTag(piece.subarray(piece.length - TAG));
    const opened = decipher.update(piece.subarray(0, piece.length - TAG));
    decipher.final();
    yield opened;
    place += 1;
  }
}

/** Twelve bytes that no other piece under this key has: its place, and whether it is the last. */
function nonceOf(place: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeUInt32BE(place, 8);
  return nonce;
}

async function* withoutLayout(sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const bytes of sealed) {
    if (isFirst && bytes.length) {
      if (bytes[0] !== LAYOUT) throw new Error('this is no sealed file');
      isFirst = false;
      yield bytes.subarray(1);
    } else yield bytes;
  }
}

/** The same bytes in pieces of one size; the last is what is left, which may be nothing. */
async function* inPieces(
  content: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const bytes of content) {
    held.push(Buffer.from(bytes));
    length += bytes.length;
    // One byte more than a piece says that it is not the last.
    if (length <= size) continue;
    let all = Buffer.concat(held);
    while (all.length > size) {
      yield { piece: all.subarray(0, size), isLast: false };
      all = all.subarray(size);
    }
    held = [all];
    length = all.length;
  }
  yield { piece: Buffer.concat(held), isLast: true };
}
