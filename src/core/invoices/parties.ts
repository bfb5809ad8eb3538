import type { Context } from '../kernel/context.ts';
import { nameOfQuote } from '../quotes/index.ts';
import { Parties, Party, paperOf, partyNamed } from './party.ts';
import { isDraft } from './rules.ts';
import type { Invoice } from './schema.ts';

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

/** @param client null for the firm itself */
export async function writeParty(
  { sql, actor, newId, now }: Context,
  client: string | null,
  party: Party,
): Promise<void> {
  await sql`
    insert into billing_party (tenant_id, id, client_id, details, updated_at)
    values (${actor.tenantId}, ${newId()}, ${client}, ${JSON.stringify(party)}::jsonb, ${now})
    on conflict (tenant_id, client_id) do update set details = excluded.details, updated_at = excluded.updated_at`;
}

export async function readFirmName({ sql, actor }: Context): Promise<string> {
  const [row] = await sql<{ name: string }>`select name from firm where id = ${actor.tenantId}`;
  if (!row) throw new Error('an actor is of a firm');
  return row.name;
}
