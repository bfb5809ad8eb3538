import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { nameOfQuote } from '../quotes/index.ts';
import { Parties, Party, paperOf, partyNamed } from './party.ts';
import { isDraft } from './rules.ts';
import type { Invoice } from './schema.ts';
import type { Noted } from './seen.ts';

/** Whom a document names: of what was issued as it was then, of a draft as it is now. */
export async function readParties(context: Context, it: Invoice): Promise<Parties> {
  const { sql, actor } = context;
  const [kept] = isDraft(it)
    ? []
    : await sql<Parties>`
        select seller, buyer, paper, quote from invoice_parties where tenant_id = ${actor.tenantId} and invoice_id = ${it.id}`;
  return kept ? Parties.parse(kept) : partiesNow(context, it);
}

async function partiesNow(context: Context, { clientId, clientName, firmName, timezone }: Invoice): Promise<Parties> {
  const [seller, buyer] = await Promise.all([readSeller(context), readBuyer(context, clientId)]);
  const billed = buyer ?? partyNamed(clientName);
  return { seller: seller ?? partyNamed(firmName), buyer: billed, paper: paperOf(billed, timezone), quote: null };
}

/** Keeps for good whom the documents of an invoice name that is issued now. */
export async function keepParties(context: Context, it: Invoice): Promise<void> {
  const { sql, actor } = context;
  const { seller, buyer, paper } = await partiesNow(context, it);
  const quote = it.quoteId ? await nameOfQuote(context, it.quoteId) : null;
  await sql`
    insert into invoice_parties (tenant_id, invoice_id, client_id, project_id, seller, buyer, paper, quote)
    values (${actor.tenantId}, ${it.id}, ${it.clientId}, ${it.projectId}, ${JSON.stringify(seller)}::jsonb, ${JSON.stringify(buyer)}::jsonb,
      ${paper}, ${quote})`;
}

/** Who said last how somebody is billed: of whom it may be said, that is for those to know who may say it. */
export async function notedOf({ sql, actor }: Context, client: string | null): Promise<Noted | null> {
  const [row] = await sql<Noted>`
    select version, by_name as "byName", updated_at as at from billing_party
    where tenant_id = ${actor.tenantId} and client_id is not distinct from ${client}::uuid`;
  return row ?? null;
}

/** How the firm bills; null where nobody said. Whoever sees an invoice of the firm may know it: it stands on each. */
export async function readSeller({ sql }: Context): Promise<Party | null> {
  const [row] = await sql<{ details: unknown }>`select parley_seller() as details`;
  return row?.details ? Party.parse(row.details) : null;
}

/** How a client is billed; null where nobody said. */
export async function readBuyer({ sql, actor }: Context, client: string): Promise<Party | null> {
  const [row] = await sql<{ details: unknown }>`
    select details from billing_party where tenant_id = ${actor.tenantId} and client_id = ${client}`;
  return row ? Party.parse(row.details) : null;
}

/**
 * @param client null for the firm itself
 * @param version what was written before; 0 for nothing
 * @returns whether nobody else wrote at the same moment
 */
export async function writeParty(
  { sql, actor, newId, now }: Context,
  client: string | null,
  party: Party,
  version: number,
): Promise<boolean> {
  const rows = await sql`
    insert into billing_party (tenant_id, id, client_id, details, by_name, updated_at)
    values (${actor.tenantId}, ${newId()}, ${client}, ${JSON.stringify(party)}::jsonb, ${nameOf(actor)}, ${now})
    on conflict (tenant_id, client_id) do update set details = excluded.details, version = billing_party.version + 1,
      by_name = excluded.by_name, updated_at = excluded.updated_at
      where billing_party.version = ${version} returning version`;
  return rows.length > 0;
}

export async function readFirmName({ sql, actor }: Context): Promise<string> {
  const [row] = await sql<{ name: string }>`select name from firm where id = ${actor.tenantId}`;
  if (!row) throw new Error('an actor is of a firm');
  return row.name;
}
