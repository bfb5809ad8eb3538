import { randomBytes, randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ firm, client, owner }) => {
    const [key, person] = [randomUUID(), client.clientAdmin];
    await owner(
      `insert into api_key (tenant_id, id, person_id, name, token_hash, writes, created_at, expires_at)
      values ($1, $2, $3, 'Export', $4, true, now(), now() + interval '90 days')`,
      [firm.tenantId, key, person, randomBytes(32).toString('base64url')],
    );
    return { key, person };
  },
  more: {
    'key.make': { input: { name: 'Export', access: 'read', days: '90', modules: 'tickets' } },
  },
};
