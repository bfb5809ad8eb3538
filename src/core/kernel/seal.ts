import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Says how the rest is laid out: number used once (12 bytes), tag (16 bytes), what was sealed. */
const LAYOUT = 1;
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts with AES-256-GCM under a key of 32 bytes.
 * @param about what it belongs to: it opens for nothing else, so that it cannot be put in another's place
 */
export function seal(key: Buffer, content: Buffer, about: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([Buffer.of(LAYOUT), nonce, cipher.getAuthTag(), sealed]);
}

/** What was sealed; null under another key, for something else, or when a byte of it was changed. */
export function unseal(key: Buffer, sealed: Buffer, about: string): Buffer | null {
  const start = 1 + NONCE + TAG;
  if (sealed[0] !== LAYOUT || sealed.length < start) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE))
      .setAAD(Buffer.from(about))
      .setAuthTag(sealed.subarray(1 + NONCE, start));
    return Buffer.concat([decipher.update(sealed.subarray(start)), decipher.final()]);
  } catch {
    return null;
  }
}
