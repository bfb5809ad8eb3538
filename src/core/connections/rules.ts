import type { Actor, Person } from '../kernel/actor.ts';
import { sideOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';

/** Whoever runs the firm's hub decides what it is connected to. */
export function connects(actor: Actor): boolean {
  return actor.kind === 'system' || isAdministrator(actor);
}

/** The same, and the firm's own rooms: a card there bears the button for the administrator who reads it. */
export function mends(actor: Actor): boolean {
  return connects(actor) || (actor.kind === 'audience' && actor.side === 'staff');
}

/** The firm without its members, who do not see the table at all, and its rooms that are not about one client. */
export function seesConnections(actor: Actor): boolean {
  const narrow =
    actor.kind === 'person' ? actor.role === 'member' : actor.kind === 'audience' && actor.clientId !== null;
  return sideOf(actor) === 'staff' && !narrow;
}

export function isAdministrator(actor: Actor): actor is Person {
  return actor.kind === 'person' && actor.side === 'staff' && actor.role === 'admin';
}

/** @throws DomainError forbidden for everybody who is none */
export function requireAdministrator(actor: Actor): asserts actor is Person {
  if (!isAdministrator(actor)) throw new DomainError('forbidden', 'This is for administrators.');
}
