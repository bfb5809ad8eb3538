import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openPieces, sealPieces } from './sealed-stream.ts';

const key = randomBytes(32);
const MIB = 1_024 * 1_024;

async function* inParts(content: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}
async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}
const sealed = (content: Buffer, part = 70_000) => all(sealPieces(key, inParts(content, part)));
const opened = (content: Buffer, part = 70_000, under = key) => all(openPieces(under, inParts(content, part)));

test('what is sealed opens as it was, however long it is and however it comes', async () => {
  for (const size of [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 17]) {
    const content = randomBytes(size);
    for (const part of [1_000, MIB, 5 * MIB]) {
      const kept = await sealed(content, part);
      expect((await opened(kept, part)).equals(content)).toBe(true);
      expect(size > 100 && kept.includes(content.subarray(0, 100))).toBe(false);
    }
  }
});

test('a byte that was changed, a piece that was moved, and an end that is missing are noticed', async () => {
  const content = randomBytes(3 * MIB + 17);
  const kept = await sealed(content);
  const piece = (place: number) => kept.subarray(1 + place * (MIB + 16), 1 + (place + 1) * (MIB + 16));

  await expect(
    opened(Buffer.concat([kept.subarray(0, 1), piece(1), piece(0), kept.subarray(1 + 2 * (MIB + 16))])),
  ).rejects.toThrow();
  await expect(opened(Buffer.concat([kept.subarray(0, 1), piece(0), piece(1), piece(2)]))).rejects.toThrow();
  await expect(opened(kept.subarray(0, 1 + 2 * (MIB + 16)))).rejects.toThrow();
  await expect(opened(Buffer.of(1))).rejects.toThrow('ends in the middle');
  await expect(opened(Buffer.from('no sealed file at all'))).rejects.toThrow('no sealed file');
  await expect(opened(kept, 70_000, randomBytes(32))).rejects.toThrow();
  await fc.assert(
    fc.asyncProperty(fc.nat(kept.length - 2), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Buffer.from(kept);
      changed[at + 1] = (changed[at + 1] ?? 0) ^ by;
      await expect(opened(changed, MIB)).rejects.toThrow();
    }),
    { numRuns: 20 },
  );
});
