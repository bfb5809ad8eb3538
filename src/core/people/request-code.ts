import type { Card, Press } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import { nameOfAccount } from '../kernel/connection-notes.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import { DomainError } from '../kernel/errors.ts';
import { enterCodeInvitation } from './cards.ts';
import {
  CODE_MINUTES,
  CODES_AN_HOUR,
  codeFor,
  hashOfAddress,
  hashOfCode,
  providerName,
  SENT,
  Sender,
} from './codes.ts';
import { codeRefused, codeRequested } from './events.ts';
import { linkingCard, linkingForm } from './linking-form.ts';
import { holderOf } from './queries.ts';
import { isLinking } from './rules.ts';
import { email } from './schema.ts';

const fields = { email };

/** Asks an unknown chat user for their mail address. */
export function askAddress({ newId }: Pick<Context, 'newId'>, provider: string, press: Press): Card {
  const lead = `We do not know your ${providerName(provider)} account yet. Tell us the mail address under which you were invited; we send a code there.`;
  const given = { target: 'identity.use-code', input: {} };
  return {
    ...linkingCard(press, fields, { id: newId(), title: 'Link your account', submit: 'Send code', lead }),
    actions: [{ kind: 'button', label: 'I was given a code…', word: 'CODE', press: given }],
  };
}

/**
 * Asks for a code at a mail address, to link the chat account that asks. The answer is the same whether or not the
 * address is known, so that nobody learns who is a client here. Only accounts of workspaces that the firm connected can
 * ask: whose name and members are whose, nobody here can say of another.
 */
export const requestCode = command({
  name: 'identity.request-code',
  input: Sender.extend(fields),
  form: linkingForm(fields, Sender, (context, { provider }, press) => askAddress(context, provider, press)),
  known: SENT,
  unlinked: true,
  load: async (context, { provider, account }) => ({ connected: await nameOfAccount(context, provider, account) }),
  policy: (actor) => isLinking(actor),
  handle: async (context, { provider, account, externalId, calledAs, email }, { connected }) => {
    const { actor, sql, newId, now, secrets, platforms } = context;
    if (!platforms.has('email'))
      throw new DomainError('conflict', 'No mail is sent from here. Ask the firm for a code, and type it here.');
    if (!connected)
      throw new DomainError(
        'forbidden',
        `Your ${providerName(provider)} workspace is not connected here, so no code can be sent for it. Ask the firm for a code, and type it here.`,
      );
    const askedFor = hashOfAddress(secrets, email);
    await refuseTooMany(context, { sender: [provider, account, externalId], askedFor });
    const person = await holderOf(context, email);
    const id = newId();
    const expires = new Date(now.getTime() + CODE_MINUTES * 60_000);
    await sql`
      insert into link_code (tenant_id, id, provider, account, external_id, called_as, workspace, person_id, asked_for, code_hash, expires_at, created_at)
      values (${actor.tenantId}, ${id}, ${provider}, ${account}, ${externalId}, ${calledAs ?? null}, ${connected.name}, ${person?.id ?? null}, ${askedFor},
        ${hashOfCode(secrets, id, codeFor(secrets, id))}, ${expires}, ${now})`;
    const about = { entity: 'link', id };
    return {
      events: [
        person
          ? codeRequested.of(
              about,
              { person: person.id, provider },
              person.clientId ? { clientId: person.clientId } : {},
            )
          : codeRefused.of(about, { provider }),
      ],
      output: { id, email },
    };
  },
  reply: ({ id, email }) => enterCodeInvitation(id, email),
});

interface Asked {
  sender: [provider: string, account: string, externalId: string];
  askedFor: string;
}

/** Counts what was asked for by this chat user and for this address; whoever asks at the same time waits to be counted. */
async function refuseTooMany({ sql, actor, now }: Context, { sender, askedFor }: Asked): Promise<void> {
  await lockAll(sql, [JSON.stringify([actor.tenantId, ...sender]), JSON.stringify([actor.tenantId, askedFor])]);
  const [provider, account, externalId] = sender;
  const since = new Date(now.getTime() - 3_600_000);
  const [asked] = await sql<{ by_sender: number; for_address: number }>`select
    (select count(*) from link_code where tenant_id = ${actor.tenantId} and provider = ${provider} and account = ${account}
      and external_id = ${externalId} and created_at > ${since}) as by_sender,
    (select count(*) from link_code where tenant_id = ${actor.tenantId} and asked_for = ${askedFor} and created_at > ${since}) as for_address`;
  if (Math.max(Number(asked?.by_sender), Number(asked?.for_address)) >= CODES_AN_HOUR)
    throw new DomainError('rate_limited', 'That were many codes in a short time. Please wait an hour and try again.');
}

/** In one order for all, so that two who want the same locks do not wait for each other. */
async function lockAll(sql: Sql, names: string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(name, 0)) from (
    select 'link-code ' || name as name from unnest(${names}::text[]) as name order by 1) ordered`;
}
