import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { Vat } from '../kernel/vat.ts';
import type { Noted } from './seen.ts';
import { staleForm } from './seen.ts';

/** What an hour costs without tax, in the smallest unit of the currency, and how it is taxed. */
export interface Rate {
  currency: string;
  price: bigint;
  vat: Vat;
}

interface RateRow extends Noted {
  currency: string;
  price: string;
  vat: unknown;
}

/** What was set for a project; null where nothing was. Clients do not read it: they read what is billed. */
export async function readRate({ sql, actor }: Context, project: string): Promise<(Rate & { noted: Noted }) | null> {
  const [row] = await sql<RateRow>`
    select currency, price::text as price, vat, version, by_name as "byName", updated_at as at from hourly_rate
    where tenant_id = ${actor.tenantId} and project_id = ${project}`;
  if (!row) return null;
  const { currency, price, vat, ...noted } = row;
  return { currency, price: BigInt(price), vat: Vat.parse(vat), noted };
}

/** @throws DomainError stale where somebody else set it at the same moment */
export async function writeRate(
  { sql, actor, now }: Context,
  { clientId, projectId }: { clientId: string; projectId: string },
  { currency, price, vat }: Rate,
  version: number,
): Promise<void> {
  const rows = await sql`
    insert into hourly_rate (tenant_id, client_id, project_id, currency, price, vat, by_name, updated_at)
    values (${actor.tenantId}, ${clientId}, ${projectId}, ${currency}, ${String(price)}::bigint, ${JSON.stringify(vat)}::jsonb, ${nameOf(actor)}, ${now})
    on conflict (tenant_id, project_id) do update set currency = excluded.currency, price = excluded.price, vat = excluded.vat,
      version = hourly_rate.version + 1, by_name = excluded.by_name, updated_at = excluded.updated_at
      where hourly_rate.version = ${version} returning version`;
  if (!rows.length) throw staleForm([], { target: 'invoice.set-rate', input: { project: projectId } });
}
