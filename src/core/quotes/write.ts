import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { priceOf } from './price.ts';
import { lookAtOf } from './reminders.ts';
import type { AcceptedQuote, Quote } from './schema.ts';

/** Writes what a decision made of a quote: what is different, and nothing else. So a contact's answer writes exactly what contacts may. */
export async function writeQuote(context: Context, before: Quote, after: Quote): Promise<void> {
  if (before.state.status === 'draft') return writeOffer(context, before, after);
  return writeEnd(context, before, after);
}

/** A draft, or the same as it is sent. */
async function writeOffer({ sql, actor }: Context, before: Quote, after: Quote): Promise<void> {
  const { state, content } = after;
  const sent = state.status === 'draft' ? null : state.sent;
  requireWritten(
    await sql`
      update quote set status = ${state.status}, version = ${after.version}, title = ${content.title}, content = ${JSON.stringify(content)}::jsonb,
        content_hash = ${after.hash}, gross = ${grossOf(after)}, sent_by = ${sent?.personId ?? null}, sent_by_name = ${sent?.byName ?? null},
        sent_channel = ${sent?.channel ?? null}, sent_assurance = ${sent?.assurance ?? null}, sent_at = ${sent?.at ?? null},
        expires_at = ${sent?.expiresAt ?? null}, look_at = ${lookAtOf(after)}
      where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`,
  );
}

/** How it ended: columns that contacts may write too. Only the firm supersedes. */
async function writeEnd(context: Context, before: Quote, { id, version, state, ...after }: Quote): Promise<void> {
  const { sql, actor } = context;
  const ended = 'ended' in state ? state.ended : null;
  const reason = state.status === 'declined' ? state.reason : null;
  if (state.status === 'superseded')
    await sql`update quote set superseded_by = ${state.by} where tenant_id = ${actor.tenantId} and id = ${id}`;
  requireWritten(
    await sql`
      update quote set status = ${state.status}, version = ${version}, gross = ${grossOf({ ...after, id, version, state })},
        ended_by_name = ${ended?.byName ?? null}, ended_at = ${ended?.at ?? null}, reason = ${reason}
      where tenant_id = ${actor.tenantId} and id = ${id} and version = ${before.version} returning id`,
  );
}

/** The client was reminded of it: its version stays, because nobody sees it differently. */
export async function noteReminded({ sql, actor }: Context, it: Quote): Promise<void> {
  await sql`
    update quote set reminded_at = ${it.remindedAt}, look_at = ${lookAtOf(it)} where tenant_id = ${actor.tenantId} and id = ${it.id}`;
}

/** Adds the signatures that it did not have before; nobody may change or remove one. */
export async function insertSignatures({ sql, actor }: Context, before: Quote, after: Quote): Promise<void> {
  const { id, clientId, projectId } = after;
  for (const { hash, taken, personId, byName, channel, assurance, at } of after.signed.slice(before.signed.length))
    await sql`
      insert into quote_signature (tenant_id, quote_id, person_id, client_id, project_id, hash, taken, by_name, channel, assurance, at)
      values (${actor.tenantId}, ${id}, ${personId}, ${clientId}, ${projectId}, ${hash}, ${taken}::int[], ${byName}, ${channel}, ${assurance},
        ${at})`;
}

/** Keeps what was accepted, as it was: nobody may change or remove it. */
export async function insertAcceptance({ sql, actor }: Context, quote: AcceptedQuote): Promise<void> {
  const { state, content } = quote;
  const { hash, taken, personId, byName, channel, assurance, at } = state.acceptance;
  await sql`
    insert into quote_acceptance (tenant_id, quote_id, client_id, project_id, hash, taken, content, price, person_id, by_name, channel, assurance, at)
    values (${actor.tenantId}, ${quote.id}, ${quote.clientId}, ${quote.projectId}, ${hash}, ${taken}::int[], ${JSON.stringify(content)}::jsonb,
      ${JSON.stringify(priceOf(content, taken))}::jsonb, ${personId}, ${byName}, ${channel}, ${assurance}, ${at})`;
}

/** Stores a draft. The database counts its number, for each firm. */
export async function insertQuote({ sql, actor }: Context, quote: Quote): Promise<void> {
  const { content } = quote;
  await sql`
    insert into quote (tenant_id, id, client_id, project_id, number, status, version, title, content, content_hash, gross, replaces, created_at)
    values (${actor.tenantId}, ${quote.id}, ${quote.clientId}, ${quote.projectId}, ${quote.number}, 'draft', 1, ${content.title},
      ${JSON.stringify(content)}::jsonb, ${quote.hash}, ${grossOf(quote)}, ${quote.replaces}, ${quote.createdAt})`;
}

/** The next number of the firm's quotes; it is taken when this transaction is committed, and waits for whoever takes one now. */
export async function nextNumber({ sql }: Context): Promise<number> {
  const [row] = await sql<{ number: number }>`select parley_next_quote() as number`;
  if (!row) throw new Error('the firm has a next number');
  return row.number;
}

function grossOf({ content, state }: Quote): number {
  const taken = state.status === 'accepted' ? state.acceptance.taken : [];
  return priceOf(content, taken).sums[0]?.gross ?? 0;
}

/** What the row's lock promises, asked of the write as well. */
function requireWritten(rows: unknown[]): void {
  if (!rows.length) throw new DomainError('conflict', 'This quote changed at the same moment. Please look again.');
}
