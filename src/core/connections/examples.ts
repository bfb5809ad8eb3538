import { randomUUID } from 'node:crypto';
import type { Examples, Stage } from '../../testing/examples.ts';
import { hashOfPosted, postedCodeOf } from '../kernel/posted-code.ts';

const newAccount = () => `${randomUUID()}.example`;

export const examples: Examples = {
  make: async (stage) => {
    const { app, firm, run } = stage;
    const { id: connection } = await run('system', 'connection.connect', { tool: 'jira', account: newAccount() });
    const proof = JSON.stringify({
      ...{ tenantId: firm.tenantId, id: randomUUID(), tool: 'jira', account: newAccount(), clientId: null },
      ...{ settings: {}, scopes: [], listens: false, expiresAt: null, sealed: '' },
    });
    const signature = app.secrets.sign('proven account', proof);
    const begun = app.secrets.sign('account that waits for its proof', proof);
    const waiting = await waitingAccount(stage);
    const [code, used] = [await postedCode(stage), await postedCode(stage)];
    const posted = { code: used.digits, provider: 'discord', account: newAccount(), externalId: 'U1' };
    const { id: claimed } = await run('admin', 'connection.claim', posted);
    const ids = { claimed, usedId: used.codeId, waiting, begun };
    return { connection, proof, signature, ...code, ...ids } as Record<string, string>;
  },
  more: {
    'connection.connect': { input: () => ({ tool: 'jira', account: newAccount() }) },
    'connection.make-code': { input: { tool: 'discord' } },
    'connection.code': { input: ({ codeId = '' }) => ({ code: codeId }) },
    'connection.claim': {
      input: ({ digits = '' }) => ({ code: digits, provider: 'discord', account: newAccount(), externalId: 'U1' }),
    },
    'connection.begin-proof': { input: ({ begun = '' }) => ({ signature: begun }) },
    'connection.end-proof': { input: { reason: 'It did not arrive.' } },
    'connection.posted': { input: ({ usedId = '' }) => ({ code: usedId }) },
    'connection.undo': { input: ({ claimed = '', usedId = '' }) => ({ connection: claimed, code: usedId }) },
    'connection.note-broken': { input: { reason: 'The token is refused.' } },
    'connection.mend': { after: [['system', 'connection.note-broken']] },
  },
};

/** A mailbox that waits for its proof, begun long ago, so that no limit of mails is reached. */
async function waitingAccount({ app, firm, owner }: Stage): Promise<string> {
  const id = randomUUID();
  const now = app.clock.now().getTime();
  await owner(
    `insert into account_proof (tenant_id, id, person_id, tool, account, connection_id, sealed, settings, listens, created_at, expires_at, look_at)
     values ($1, $2, $3, 'email', $4, $5, 'sealed', '{}', true, $6, $7, $7)`,
    [
      ...[firm.tenantId, id, firm.admin, newAccount(), randomUUID()],
      ...[new Date(now - 7_200_000), new Date(now + 7_200_000)],
    ],
  );
  return id;
}

/** A code of the administrator's, made long ago, so that no limit of how many they may make is reached. */
async function postedCode({ app, firm, owner }: Stage) {
  const codeId = randomUUID();
  const digits = postedCodeOf(app.secrets, codeId);
  const now = app.clock.now().getTime();
  await owner(
    `insert into connect_code (tenant_id, id, person_id, tool, code_hash, created_at, expires_at) values ($1, $2, $3, 'discord', $4, $5, $6)`,
    [
      ...[firm.tenantId, codeId, firm.admin, hashOfPosted(app.secrets, 'discord', digits)],
      ...[new Date(now - 7_200_000), new Date(now + 7_200_000)],
    ],
  );
  return { codeId, digits };
}
