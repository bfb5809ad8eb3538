import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { ask } from '../core/kernel/db.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { runCommand } from '../core/kernel/registry.ts';

/**
 * Makes an address at which the first firm and its administrator are made: whoever reads it where the hub was started runs the hub.
 * It counts for a day, and is dead as soon as there is an administrator. Of the address only a hash is kept.
 * @returns null where there is a firm already
 */
export async function offerFounding(app: App): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  const [row] = await ask<{ offered: boolean }>(app.database, {
    text: 'select parley_offer_founding($1) as offered',
    values: [hashOf(token)],
  });
  return row?.offered ? `${app.publicUrl}/begin/${token}` : null;
}

/**
 * Makes an address at which one more firm and its administrator are made, once, within seven days. Whoever runs the hub hands
 * it to that firm.
 */
export async function inviteFirm(app: App): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await ask(app.database, { text: 'select parley_invite_firm($1)', values: [hashOf(token)] });
  return `${app.publicUrl}/begin/${token}`;
}

/** True while such an address counts. */
export async function isOffered(app: App, token: string): Promise<boolean> {
  const [row] = await ask<{ open: boolean }>(app.database, {
    text: 'select parley_founding($1) as open',
    values: [hashOf(token)],
  });
  return row?.open ?? false;
}

/** What is asked of the first administrator. */
export interface Founder {
  firm: string;
  name: string;
  email: string;
  timezone: string;
}

/**
 * Founds a firm with its first administrator. If a try ended in between, the next one goes on from there.
 * @returns the administrator, and the id of the one sign-in that the address gives; null when the address does not count any more
 * @throws DomainError invalid with what is wrong, by field
 */
export async function found(app: App, token: string, { firm, ...person }: Founder) {
  const staff = { ...person, role: 'admin' };
  refuseFaulty(app, firm, staff);
  const [row] = await ask<{ firm: string | null }>(app.database, {
    text: 'select parley_found_first($1, $2, $3, $4) as firm',
    values: [hashOf(token), randomUUID(), firm, person.timezone],
  });
  if (!row?.firm) return null;
  const { output } = await runCommand(
    app,
    { kind: 'system', tenantId: row.firm, reason: 'founding the firm' },
    { name: 'people.add-staff', input: staff, requestId: 'founding' },
  );
  return { tenantId: row.firm, personId: (output as { id: string }).id, id: signInId(token) };
}

/** Before anything is made: a firm without an administrator would be nobody's. */
function refuseFaulty({ registry }: App, firm: string, staff: object): void {
  const fields: Record<string, string> = {};
  if (!firm || firm.length > 120) fields.firm = 'needs a name of at most 120 characters';
  const parsed = registry.commands.get('people.add-staff')?.input.safeParse(staff);
  for (const { path, message } of parsed?.error?.issues ?? []) fields[String(path[0])] ??= message;
  if (Object.keys(fields).length) throw new DomainError('invalid', 'Please look at the marked fields.', { fields });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** One for the address, in the form of a UUID (RFC 9562, version 8). */
function signInId(token: string): string {
  const hex = createHash('sha256').update(`session ${token}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
