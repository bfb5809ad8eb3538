import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { askForCode, codeFields, hashOfPosted } from '../kernel/posted-code.ts';
import { allow, doneCard } from '../kernel/thing-definition.ts';
import { claimed, connectedBy, connection } from './connection.ts';
import { idOf, keepConnection } from './queries.ts';
import { isAdministrator } from './rules.ts';
import { calledOf } from './schema.ts';

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
    postedIn: z.string().max(300).optional(),
  }),
  form: {
    fields: codeFields,
    opens: z.object({}),
    draw: async ({ actor }, _opened, press) => {
      allow(isAdministrator(actor));
      return askForCode(press);
    },
  },
  known: ['provider', 'account', 'externalId', 'calledAs', 'postedIn'],
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdministrator(actor),
  ask: async (platforms, { provider, account }) => {
    const platform = await platforms.open(provider);
    return (await platform?.checkAccount?.(account)) ?? { name: null };
  },
  handle: async (context, { code, provider: tool, account, ...by }, _subject, { name }) => {
    const { sql, secrets, now, newId } = context;
    const id = (await idOf(sql, tool, account)) ?? newId();
    const posted = { account, called: calledOf({ tool, account, name }), ...postedBy(by) };
    const [used] = await sql<{ up: { code: string; tell: string[] } | null }>`
      select parley_use_connect_code(${tool}, ${hashOfPosted(secrets, tool, code)}, ${now}, ${id}, ${JSON.stringify(posted)}::jsonb) as up`;
    const up = used?.up;
    if (!up) throw new DomainError('conflict', 'This code was used already. Make another one on the pages.');
    const settings = name === null ? {} : { name };
    const bare = { clientId: null, scopes: [], listens: false, expiresAt: null, sealed: null };
    const isNew = await keepConnection(sql, { id, tool, account, settings, ...bare });
    const who = posted.by ?? posted.externalId;
    return connectedBy(context, id, isNew, (after) => [claimed.of(null, after, { ...up, by: who })]);
  },
  reply: (output) => doneCard(connection, output),
});

interface Poster {
  externalId: string;
  calledAs?: string | undefined;
  postedIn?: string | undefined;
}

/** Who posted it and where, as the platform says. */
function postedBy({ externalId, calledAs, postedIn }: Poster) {
  return { externalId, by: calledAs ?? null, place: postedIn ?? null };
}
