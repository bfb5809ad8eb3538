import { createHash } from 'node:crypto';

/** What a program sends: whose firm it is, and the secret. Scanners of source code find one that was committed by its beginning. */
export function writeKey(tenantId: string, secret: string): string {
  return `parley_${tenantId.replaceAll('-', '')}_${secret}`;
}

/** Which firm a key names, and the hash under which the key is kept; null for what is no key. */
export function readKey(text: string): { tenantId: string; hash: string } | null {
  const [, firm = '', secret = ''] = WRITTEN.exec(text) ?? [];
  if (!secret) return null;
  const tenantId = firm.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { tenantId, hash: hashOfKey(secret) };
}

const WRITTEN = /^parley_([0-9a-f]{32})_([\w-]{43})$/;

export function hashOfKey(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
