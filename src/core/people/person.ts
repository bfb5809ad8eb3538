import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { oneLine } from '../kernel/text.ts';
import { isFirm } from './policies.ts';

/** A place in the IANA time zone database, like Europe/Berlin. */
export const Timezone = z
  .string()
  .refine((zone) => IANAZone.isValidZone(zone), 'is not a known time zone; write it like Europe/Berlin');

export const Email = z.email('does not look like a mail address').transform((address) => address.toLowerCase());

export const PersonName = z.string().overwrite(oneLine).min(1, 'is needed').max(120, 'may have at most 120 characters');

export const EVENTS = {
  clientAdded: 'people.client-added',
  staffAdded: 'people.staff-added',
  contactAdded: 'people.contact-added',
  roleChanged: 'people.role-changed',
  grantChanged: 'people.grant-changed',
  deactivated: 'people.deactivated',
  assigned: 'people.assigned',
  unassigned: 'people.unassigned',
  joined: 'people.joined-project',
  left: 'people.left-project',
  codeRequested: 'identity.code-requested',
  codeRefused: 'identity.code-refused',
  codeIssued: 'identity.code-issued',
  confirmed: 'identity.confirmed',
  linked: 'identity.linked',
  unlinked: 'identity.unlinked',
} as const;

/** A person as the area's commands load them. */
export interface PersonRow {
  id: string;
  name: string;
  side: 'staff' | 'contact';
  client_id: string | null;
  role: string;
  active: boolean;
  grants: Record<string, string>;
}

/** Admins run the hub (A1). The system acts for them from the command line. */
export function isAdmin(actor: Actor): boolean {
  return actor.kind === 'system' || (actor.kind === 'person' && actor.role === 'admin');
}

/** Who may add and change people of a client: the firm, and the client's own admin (A2). Row level security has already hidden other clients. */
export function managesTeamOf(actor: Actor, clientId: string): boolean {
  return isFirm(actor) || (actor.kind === 'person' && actor.role === 'client_admin' && actor.clientId === clientId);
}
