import { randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ firm, client, mark, owner }) => {
    const endpoint = randomUUID();
    await owner(
      `insert into endpoint (tenant_id, id, client_id, name, url, owner_id, created_at) values ($1, $2, $3, $4, $5, $6, now())`,
      [firm.tenantId, endpoint, client.id, `CRM of ${mark}`, 'https://crm.example.com/parley', client.clientAdmin],
    );
    return { endpoint };
  },
  more: {
    'endpoint.add': { input: { name: 'CRM', url: 'https://crm.example.com/parley', areas: 'tickets' } },
    'endpoint.change': { input: { name: 'The other CRM' } },
    'endpoint.note-failed': { input: { reason: 'It answered 410.' } },
    'endpoint.resume': { after: [['admin', 'endpoint.pause']] },
  },
};
