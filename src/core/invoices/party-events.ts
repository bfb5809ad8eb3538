import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { event } from '../kernel/event.ts';
import { requireNone } from '../kernel/faults.ts';
import type { Fields } from '../kernel/field.ts';
import { notedOf, writeParty } from './parties.ts';
import type { Party } from './party.ts';
import { buyerFields, faultsOf, sellerFields } from './party.ts';
import { requireSeen, staleForm } from './seen.ts';

const data = z.object({ name: z.string(), changed: z.array(z.string()).describe('What of it is different') });
const says = ({ changed }: z.infer<typeof data>) =>
  changed.length ? `changed the billing details: ${changed.join(', ')}` : 'confirmed the billing details';

/** How the firm names itself on invoices. */
const sellerSet = event({ name: 'invoice.seller-set', data, says, audience: [] });
/** How a client is named on invoices. */
const buyerSet = event({ name: 'invoice.buyer-set', data, says, audience: [] });

/**
 * Writes down who bills or is billed. What was issued keeps what it named.
 * @param client null for the firm itself
 * @throws DomainError invalid, beside the field; stale where it was written since the form was filled
 */
export async function setParty(
  context: Context,
  client: string | null,
  { before, after, seen }: { before: Party | null; after: Party; seen: string },
): Promise<NewEvent> {
  const whose = client ?? context.actor.tenantId;
  const noted = await notedOf(context, client);
  const fields: Fields = client === null ? sellerFields : buyerFields;
  const show =
    client === null ? { target: 'invoice.set-seller', input: {} } : { target: 'invoice.set-buyer', input: { client } };
  const saving = { whose, noted, now: { ...before }, wanted: { ...after }, fields, show };
  requireSeen(seen, saving, context.actor.timezone);
  requireNone(faultsOf(after));
  if (!(await writeParty(context, client, after, noted?.version ?? 0))) throw staleForm([], show);
  const keys = Object.keys(after) as (keyof Party)[];
  const changed = keys.filter((key) => (before?.[key] ?? null) !== after[key]);
  const of = (one: Party) => Object.fromEntries(changed.map((key) => [key, one[key]]));
  const facts = { name: after.name, changed };
  const audited = { ...(before ? { before: of(before) } : {}), after: of(after) };
  return client === null
    ? sellerSet.of({ entity: 'firm', id: context.actor.tenantId }, facts, audited)
    : buyerSet.of({ entity: 'client', id: client }, facts, { clientId: client, ...audited });
}
