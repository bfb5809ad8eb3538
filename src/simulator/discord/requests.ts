import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

/** An interaction that was sent to the bot, and what came back. */
export interface Recorded {
  body: string;
  status: number;
  answer: Record<string, unknown> | null;
}

/** The keys of an application: the private half as PEM, the public one as the developer portal shows it. */
export function makeKeys(): { privateKey: string; publicKey: string } {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKey: pem, publicKey: publicHalf(pem) };
}

export function publicHalf(pem: string): string {
  const { x = '' } = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
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
