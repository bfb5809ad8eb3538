import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { askingCard, clientCard, codeCard, linkedNotice, lookCard, personCard, showCodeCard } from './cards.ts';
import { client as clients } from './client.ts';
import { codeFor, Sender } from './codes.ts';
import { link as links } from './link.ts';
import { Look } from './look.ts';
import { readLook } from './look-queries.ts';
import { person as people } from './person.ts';
import { askAddress } from './request-code.ts';
import { managesTeamOf, maySeeAs, seesPerson } from './rules.ts';
import { ShownClient, ShownPerson } from './schema.ts';
import { askHandedCode } from './use-code.ts';

/** An account that asks to be linked or was, as it is told to the person whose it may be. */
const Asked = z.strictObject({
  provider: z.string(),
  account: z.string(),
  workspace: z.string().nullable(),
  externalId: z.string(),
  calledAs: z.string().nullable(),
  at: instant().describe('When it asked, or was linked'),
  timezone: z.string(),
  side: z.enum(['staff', 'contact']),
  identityId: z.uuid().nullable(),
});
export type Asked = z.infer<typeof Asked>;
const Asking = z.strictObject({ asked: Asked });

/** Somebody, for whoever works with them. */
export const showPerson = view({
  name: 'people.show',
  module: null,
  input: z.strictObject({ person: z.uuid() }),
  output: z.strictObject({ person: ShownPerson }),
  read: async (context, { person }) => {
    const found = there(await people.read(context, person));
    allow(seesPerson(context.actor, found));
    return { person: found };
  },
  card: ({ person }, { actor }) => personCard(person, actor),
});

/** A client, for whoever works for it, and for its own administrator. */
export const showClient = view({
  name: 'client.show',
  module: null,
  input: z.strictObject({ client: z.uuid() }),
  output: z.strictObject({ client: ShownClient }),
  read: async (context, { client }) => {
    allow(managesTeamOf(context.actor, client));
    return { client: there(await clients.read(context, client)) };
  },
  card: ({ client }, { actor }) => clientCard(client, actor),
});

/** A look that one began: the pages ask for it before each page, and a chat shows the way to them. */
export const lookView = view({
  name: 'people.look',
  module: null,
  input: z.strictObject({ look: z.uuid() }),
  output: Look,
  read: async (context, { look }) => {
    allow(maySeeAs(context.actor));
    return there(await readLook(context, look));
  },
  card: (data, drawing, { look }) => lookCard(look, data, drawing),
});

/** What an unknown chat user is shown instead of an answer: the form of what works here. */
export const linkView = view({
  name: 'identity.link',
  module: null,
  word: { say: 'link', label: 'Link my account…', about: 'link this account to your mail address' },
  input: Sender,
  unlinked: true,
  output: z.strictObject({}),
  read: async () => ({}),
  card: (_data, drawing, { provider }) =>
    drawing.platforms.has('email')
      ? askAddress(drawing, provider, { target: 'identity.request-code', input: {} })
      : askHandedCode(drawing, provider, { target: 'identity.use-code', input: {} }),
});

const Link = z.strictObject({ link: z.uuid() });

/** The mail with the code: shown to nobody but the person it is for. */
export const codeView = view({
  name: 'identity.code',
  module: null,
  input: Link,
  output: Asking,
  read: async (context, { link }) => ({ asked: await askedBy(context, link) }),
  // The code itself is no data: it stands in the mail alone.
  card: ({ asked }, { secrets }, { link }) => codeCard(link, asked, codeFor(secrets, link)),
});

/** Who asks to be linked, as the page of the mail's link shows it before anything is pressed. */
export const askingView = view({
  name: 'identity.asking',
  module: null,
  input: Link,
  output: Asking,
  read: async (context, { link }) => ({ asked: await askedBy(context, link) }),
  card: ({ asked }, _drawing, { link }) => askingCard(link, asked),
});

/** Told after an account was linked, with the press that takes it off again. */
export const linkedView = view({
  name: 'identity.linked-notice',
  module: null,
  input: Link,
  output: Asking.extend({ identity: z.uuid() }),
  read: async (context, { link }) => {
    const asked = await askedBy(context, link);
    if (!asked.identityId) throw new DomainError('not_found', 'This account is not linked.');
    return { asked, identity: asked.identityId };
  },
  card: ({ asked, identity }, _drawing, { link }) => linkedNotice(link, asked, identity),
});

/** The code itself, for the administrator who had it made. */
export const issuedCodeView = view({
  name: 'identity.issued-code',
  module: null,
  input: Link,
  output: z.strictObject({ name: z.string().describe('Whose it is') }),
  read: async ({ sql }, { link }) => {
    const [row] = await sql<{ name: string | null }>`select parley_issued_to(${link}) as name`;
    if (!row?.name) throw new DomainError('not_found', 'This code is not there any more, or not for you.');
    return { name: row.name };
  },
  card: ({ name }, { secrets }, { link }) => showCodeCard(link, name, codeFor(secrets, link)),
});

async function askedBy(context: Context, link: string): Promise<Asked> {
  const { actor } = context;
  const it = await links.read(context, link);
  // One that was handed on names no account yet.
  if (!it?.provider || actor.kind !== 'person' || actor.personId !== it.personId)
    throw new DomainError('not_found', 'This is not there, or not for you.');
  const { provider, account, workspace, externalId, calledAs, identityId } = it;
  const { timezone, side } = actor;
  return {
    ...{ provider, account, workspace, externalId, calledAs, identityId },
    ...{ at: it.usedAt ?? it.createdAt, timezone, side },
  };
}
