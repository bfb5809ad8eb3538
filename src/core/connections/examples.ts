import { randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';

const newAccount = () => `${randomUUID()}.example`;

export const examples: Examples = {
  make: async ({ app, firm, run }) => {
    const { id: connection } = await run('system', 'connection.connect', { tool: 'jira', account: newAccount() });
    const proof = JSON.stringify({
      ...{ tenantId: firm.tenantId, id: randomUUID(), tool: 'jira', account: newAccount(), clientId: null },
      ...{ settings: {}, scopes: [], listens: false, expiresAt: null, sealed: '' },
    });
    const signature = app.secrets.sign('proven account', proof);
    return { connection, proof, signature } as Record<string, string>;
  },
  more: {
    'connection.connect': { input: () => ({ tool: 'jira', account: newAccount() }) },
    'connection.note-broken': { input: { reason: 'The token is refused.' } },
    'connection.mend': { after: [['system', 'connection.note-broken']] },
  },
};
