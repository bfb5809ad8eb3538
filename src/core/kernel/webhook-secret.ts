import { randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import { firmKey } from './firm-key.ts';
import { seal, unseal } from './seal.ts';

/** As Standard Webhooks wants it: 24 to 64 random bytes, in base64 behind a prefix that says what it is. */
const BYTES = 32;
const PREFIX = 'whsec_';

/** What the webhooks of an endpoint are signed with, as it is stored. */
export interface SealedSecret {
  id: string;
  sealed: Buffer;
}

/** A new secret. */
export function makeWebhookSecret(): string {
  return `${PREFIX}${randomBytes(BYTES).toString('base64')}`;
}

/** Seals it under the key of the open firm, for one endpoint. */
export async function sealWebhookSecret(
  context: Pick<Context, 'sql' | 'secrets' | 'actor'>,
  { endpoint, id, secret }: { endpoint: string; id: string; secret: string },
): Promise<Buffer> {
  return seal(await firmKey(context), Buffer.from(secret), aboutOf(endpoint, id));
}

/**
 * Opens the secrets of an endpoint; those that cannot be opened any more are left out.
 * @throws DomainError unavailable when no secret of this process opens the firm's key
 */
export async function openWebhookSecrets(
  context: Pick<Context, 'sql' | 'secrets' | 'actor'>,
  endpoint: string,
  all: readonly SealedSecret[],
): Promise<string[]> {
  const key = await firmKey(context);
  return all.flatMap(({ id, sealed }) => unseal(key, sealed, aboutOf(endpoint, id))?.toString() ?? []);
}

function aboutOf(endpoint: string, id: string): string {
  return `secret ${id} of the endpoint ${endpoint}`;
}
