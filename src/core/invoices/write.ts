import type { Actor } from '../kernel/actor.ts';
import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { numberText, yearOf } from './numbering.ts';
import { lookAtOf } from './reminders.ts';
import type { Entry, Invoice, Issued } from './schema.ts';

/** Writes what a decision made of an invoice. What was issued is written as it is: the table’s trigger lets nobody change it. */
export async function writeInvoice({ sql, actor }: Context, before: Invoice, after: Invoice): Promise<void> {
  const { state, content } = after;
  const ended = state.status === 'void' ? state.ended : null;
  const issued = issuedOf(after);
  const rows = await sql`
    update invoice set status = ${state.status}, version = ${after.version}, title = ${content.title}, content = ${JSON.stringify(content)}::jsonb,
      gross = ${after.gross}, paid = ${after.paid}, credited = ${after.credited}, due_on = ${after.dueOn}, number = ${issued.number},
      year = ${issued.year}, serial = ${issued.serial}, issued_on = ${issued.on}, issued_at = ${issued.at}, issued_by_name = ${issued.byName},
      ended_by_name = ${ended?.byName ?? null}, ended_at = ${ended?.at ?? null}, reason = ${ended?.reason ?? null},
      reminded_at = ${after.remindedAt}, overdue_at = ${after.overdueAt}, look_at = ${lookAtOf(after)}
    where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`;
  // What the row's lock promises, asked of the write as well.
  if (!rows.length) throw new DomainError('conflict', 'This invoice changed at the same moment. Please look again.');
}

/** Stores a draft, or a credit note, which is issued as it is made. */
export async function insertInvoice({ sql, actor }: Context, it: Invoice): Promise<void> {
  const { content, state } = it;
  const issued = issuedOf(it);
  await sql`
    insert into invoice (tenant_id, id, seq, client_id, project_id, kind, status, version, quote_id, part, corrects, title, content, gross, due_on,
      number, year, serial, issued_on, issued_at, issued_by_name, created_at)
    values (${actor.tenantId}, ${it.id}, ${it.seq}, ${it.clientId}, ${it.projectId}, ${it.kind}, ${state.status}, ${it.version}, ${it.quoteId},
      ${it.part}, ${it.corrects?.id ?? null}, ${content.title}, ${JSON.stringify(content)}::jsonb, ${it.gross}, ${it.dueOn},
      ${issued.number}, ${issued.year}, ${issued.serial}, ${issued.on}, ${issued.at}, ${issued.byName}, ${it.createdAt})`;
}

const NOT_ISSUED = { number: null, year: null, serial: null, on: null, at: null, byName: null };

/** The columns that a draft has not. */
function issuedOf({ state }: Invoice) {
  const issued = 'issued' in state ? state.issued : null;
  return issued ? { ...issued, year: yearOf(issued.on) } : NOT_ISSUED;
}

/** What a draft is called by. */
export async function nextSeq({ sql }: Context): Promise<number> {
  const [row] = await sql<{ seq: number }>`select nextval('invoice_seq')::int as seq`;
  if (!row) throw new Error('a sequence has a next number');
  return row.seq;
}

/**
 * Takes the firm's next number of the year. From here to the end of the transaction everybody else who issues waits: it is taken
 * last, and given back where the transaction fails.
 */
export async function takeNumber({ sql, actor, now }: Context, on: string): Promise<Issued> {
  const year = yearOf(on);
  const [row] = await sql<{ serial: number }>`select parley_next_invoice(${year}) as serial`;
  if (!row) throw new Error('the firm has a next number');
  const { serial } = row;
  return { number: numberText(year, serial), serial, on, at: now, byName: nameOf(actor) };
}

type NewEntry = Pick<Entry, 'kind' | 'day' | 'amount'> & Partial<Pick<Entry, 'note' | 'reverses' | 'creditId'>>;

/** Notes for good what changed how much is owed. @returns its id */
export async function insertEntry({ sql, actor, now, newId }: Context, it: Invoice, entry: NewEntry): Promise<string> {
  const id = newId();
  const { kind, day, amount, note = null, reverses = null, creditId = null } = entry;
  await sql`
    insert into invoice_entry (tenant_id, id, client_id, project_id, invoice_id, kind, day, amount, currency, note, reverses, credit_id, person_id,
      by_name, at)
    values (${actor.tenantId}, ${id}, ${it.clientId}, ${it.projectId}, ${it.id}, ${kind}, ${day}, ${amount}, ${it.content.currency}, ${note},
      ${reverses}, ${creditId}, ${personOf(actor)}, ${nameOf(actor)}, ${now})`;
  return id;
}

/** What an invoice takes off, no other one does. */
export async function takeDeposits({ sql, actor }: Context, deposits: readonly string[], by: string): Promise<void> {
  if (!deposits.length) return;
  await sql`
    update invoice set deducted_in = ${by} where tenant_id = ${actor.tenantId} and id = any(${deposits}::uuid[])`;
}

/** Where it is not billed any more, another one may take it off. */
export async function freeDeposits({ sql, actor }: Context, deposits: readonly string[], by: string): Promise<void> {
  if (!deposits.length) return;
  await sql`
    update invoice set deducted_in = null
    where tenant_id = ${actor.tenantId} and id = any(${deposits}::uuid[]) and deducted_in = ${by}`;
}

function personOf(actor: Actor): string | null {
  return actor.kind === 'person' ? actor.personId : null;
}
