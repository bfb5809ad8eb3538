import { randomBytes } from 'node:crypto';
import { hashOfKey, writeKey } from '../core/kernel/api-key.ts';

type Write = (text: string, values: unknown[]) => Promise<unknown>;

/** Writes an API key of a person behind the policies. @returns the key */
export async function insertKey(owner: Write, tenantId: string, personId: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await owner(
    `insert into api_key (tenant_id, id, person_id, name, token_hash, writes, created_at, expires_at)
     values ($1, gen_random_uuid(), $2, 'A program', $3, true, now(), now() + interval '1 day')`,
    [tenantId, personId, hashOfKey(secret)],
  );
  return writeKey(tenantId, secret);
}
