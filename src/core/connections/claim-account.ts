import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { askForCode, codeFields, hashOfPosted } from '../kernel/posted-code.ts';
import { allow, doneCard } from '../kernel/thing-definition.ts';
import { connectedBy, connection } from './connection.ts';
import { idOf, keepConnection } from './queries.ts';
import { isAdministrator } from './rules.ts';

/**
 * Connects the account in which a code was posted to the firm whose code it is, in the name of whoever had it made. It is
 * reached with the credentials of the hub, and stays another firm's if it is one's.
 */
export const claimAccount = command({
  name: 'connection.claim',
  word: {
    say: 'connect',
    label: 'Connect this workspace',
    about: 'for the firm: prove that this workspace is yours',
    takes: 'code',
  },
  claims: true,
  input: z.strictObject({
    code: codeFields.code,
    provider: z.string().max(40),
    account: z.string().min(1).max(200),
    externalId: z.string().max(200),
    calledAs: z.string().max(200).optional(),
  }),
  form: {
    fields: codeFields,
    opens: z.object({}),
    draw: async ({ actor }, _opened, press) => {
      allow(isAdministrator(actor));
      return askForCode(press);
    },
  },
  known: ['provider', 'account', 'externalId', 'calledAs'],
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdministrator(actor),
  ask: async (platforms, { provider, account }) => {
    const platform = await platforms.open(provider);
    return (await platform?.checkAccount?.(account)) ?? { name: null };
  },
  handle: async (context, { code, provider: tool, account }, _subject, { name }) => {
    const { sql, secrets, now, newId } = context;
    const [used] = await sql<{ up: boolean }>`
      select parley_use_connect_code(${tool}, ${hashOfPosted(secrets, tool, code)}, ${now}) as up`;
    if (!used?.up) throw new DomainError('conflict', 'This code was used already. Make another one on the pages.');
    const id = (await idOf(sql, tool, account)) ?? newId();
    const settings = name === null ? {} : { name };
    const bare = { clientId: null, scopes: [], listens: false, expiresAt: null, sealed: null };
    return connectedBy(context, id, await keepConnection(sql, { id, tool, account, settings, ...bare }));
  },
  reply: (output) => doneCard(connection, output),
});
