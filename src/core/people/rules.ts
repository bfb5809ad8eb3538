import type { Actor } from '../kernel/actor.ts';
import { MODULES } from '../kernel/actor.ts';
import { isFirm, may } from './policies.ts';
import type { Person } from './schema.ts';

/** Admins run the hub (A1). The system acts for them from the command line. */
export function isAdmin(actor: Actor): boolean {
  return actor.kind === 'system' || (actor.kind === 'person' && actor.role === 'admin');
}

/** Whoever is not linked yet is nobody here: the hub itself acts for them, and the channel says who they are. */
export function isLinking(actor: Actor): boolean {
  return actor.kind === 'system';
}

/** Admins and partners decide which clients there are, and who of the team works for them. */
export function leads(actor: Actor): boolean {
  return isAdmin(actor) || (actor.kind === 'person' && actor.role === 'partner');
}

/** Who may add and change people of a client: the firm, and the client's own admin (A2). Row level security has already hidden other clients. */
export function managesTeamOf(actor: Actor, clientId: string): boolean {
  return isFirm(actor) || (actor.kind === 'person' && actor.role === 'client_admin' && actor.clientId === clientId);
}

/** The same of any client. */
export function managesTeams(actor: Actor): boolean {
  return isFirm(actor) || (actor.kind === 'person' && actor.role === 'client_admin');
}

/** Staff are changed by admins alone, the people of a client also by its own admin. */
export function managesPerson(actor: Actor, { clientId }: Person): boolean {
  return clientId === null ? isAdmin(actor) : managesTeamOf(actor, clientId);
}

/** Whoever manages their team, and whoever works beside them. */
export function seesPerson(actor: Actor, it: Person): boolean {
  return isSelf(actor, it) || isFirm(actor) || (it.clientId !== null && managesTeamOf(actor, it.clientId));
}

/** What is only for people of one side, as long as they have access; else why not. */
export function onlyFor(side: Person['side'], why: string) {
  return (it: Person): true | string => (it.side === side ? it.active || 'their access has ended' : why);
}

/**
 * Who of the team may see what a contact sees (A9): whoever may read all of it themselves, so that nobody sees through other eyes
 * what their own rights hide. Row level security has hidden the people of clients that are not theirs.
 */
export function maySeeAs(actor: Actor): boolean {
  return actor.kind === 'person' && isFirm(actor) && MODULES.every((module) => may(actor, 'read', module));
}

export function isSelf(actor: Actor, { id }: Person): boolean {
  return actor.kind === 'person' && actor.personId === id;
}
