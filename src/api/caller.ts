import type { Request } from 'express';
import type { KeyUse, Module, Who } from '../core/kernel/actor.ts';
import { readKey } from '../core/kernel/api-key.ts';
import { ask } from '../core/kernel/db.ts';
import type { App } from '../core/kernel/registry.ts';

/** As whom a program acts, and with which key. */
export interface Caller {
  who: Who;
  key: KeyUse;
}

/** The key that a request brings, as it is written; '' for none. It comes in the header alone: addresses are written down. */
function bearerOf(request: Request): string {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
}

/** Who asks; null where no key that counts was brought. What is recorded of an act names the key. */
export async function callerOf(app: App, request: Request): Promise<Caller | null> {
  const read = readKey(bearerOf(request));
  if (!read) return null;
  const { tenantId, hash } = read;
  const [row] = await ask<{ found: Found | null }>(app.database, {
    name: 'api-key',
    text: 'select parley_api_key($1, $2, $3) as found',
    values: [tenantId, hash, app.clock.now()],
  });
  if (!row?.found) return null;
  const { id, person, writes, modules } = row.found;
  const key: KeyUse = { id, writes, modules };
  const acting = { tenantId, personId: person, channel: 'api', onBehalfOf: `key ${id}` };
  return { key, who: { kind: 'person', assurance: 'link', key, ...acting } };
}

interface Found {
  id: string;
  person: string;
  writes: boolean;
  modules: Module[] | null;
}
