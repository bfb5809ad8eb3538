import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';

/** An interaction that was sent to the bot, and what came back. */
export interface Recorded {
  body: string;
  status: number;
  answer: Record<string, unknown> | null;
}

/** The key pair of an application; the public half as the developer portal shows it. */
export function makeKeys(): { publicKey: string; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { publicKey: Buffer.from(x, 'base64url').toString('hex'), privateKey };
}

/** The headers with which Discord signs a body. */
export function signed(key: KeyObject, body: string, seconds = Math.floor(Date.now() / 1_000)): Record<string, string> {
  const signature = sign(null, Buffer.from(`${seconds}${body}`), key).toString('hex');
  return { 'x-signature-timestamp': String(seconds), 'x-signature-ed25519': signature };
}

/** How long Discord waits for an answer. */
const PATIENCE = 3_000;

/** Sends it; without an answer in time the status is 0. */
export async function deliver(to: string, key: KeyObject, body: string): Promise<Recorded> {
  try {
    const response = await fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed(key, body) },
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    return { body, status: response.status, answer: text ? (JSON.parse(text) as Record<string, unknown>) : null };
  } catch {
    return { body, status: 0, answer: null };
  }
}
