import { z } from 'zod';
import type { Card, Press } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { formCard } from '../kernel/form.ts';
import { hashOfPosted, PostedCode } from '../kernel/posted-code.ts';
import { connectedCard } from './cards.ts';
import { calledOf, connected, connects, keepConnection, requireAdministrator } from './connection.ts';

const fields = {
  code: PostedCode.meta({
    label: 'Code',
    hint: 'From “Connect a tool” on the pages of your firm.',
    placeholder: '1234-5678',
    most: 40,
  }),
};

/**
 * Connects the account in which a code was posted to the firm whose code it is, in the name of whoever had it made. It is
 * reached with the credentials of the hub, and stays another firm's if it is one's.
 */
export const claimAccount = command({
  name: 'connection.claim',
  word: {
    say: 'connect',
    label: 'Connect this workspace…',
    about: 'for the firm: prove that this workspace is yours',
    takes: 'code',
  },
  claims: true,
  input: z.strictObject({
    code: fields.code,
    provider: z.string().max(40),
    account: z.string().min(1).max(200),
    externalId: z.string().max(200),
    calledAs: z.string().max(200).optional(),
  }),
  form: { fields, opens: z.object({}), draw },
  known: ['provider', 'account', 'externalId', 'calledAs'],
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => actor.kind === 'person' && connects(actor),
  ask: async (platforms, { provider, account }) => {
    const platform = await platforms.open(provider);
    return (await platform?.checkAccount?.(account)) ?? { name: null };
  },
  handle: async ({ sql, secrets, now, newId }, { code, provider: tool, account }, _subject, { name }) => {
    const [used] = await sql<{ up: boolean }>`
      select parley_use_connect_code(${tool}, ${hashOfPosted(secrets, tool, code)}, ${now}) as up`;
    if (!used?.up) throw new DomainError('conflict', 'This code was used already. Make another one on the pages.');
    const [own] = await sql<{ id: string }>`select id from connection where tool = ${tool} and account = ${account}`;
    const id = own?.id ?? newId();
    const settings = name === null ? {} : { name };
    const bare = { clientId: null, scopes: [], listens: false, expiresAt: null, sealed: null };
    const called = calledOf({ tool, account, name });
    const isNew = await keepConnection(sql, { id, tool, account, settings, ...bare }, called);
    const after = { tool, account, isNew };
    return {
      events: [connected.of({ entity: 'connection', id }, { tool, account }, { after })],
      output: { id, called, isNew },
    };
  },
  reply: connectedCard,
});

/** For administrators; where no firm has connected the account nobody is known, and the channel itself asks. */
async function draw({ actor, newId }: Context, _opened: unknown, press: Press): Promise<Card> {
  requireAdministrator(actor);
  const about = { entity: 'connections', id: newId(), version: 0 };
  return formCard(press, { title: 'Connect this workspace', submit: 'Connect', about }, fields, {});
}
