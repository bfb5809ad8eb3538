import type { Actor, Module } from '../kernel/actor.ts';
import { isSystem, reads } from '../kernel/actor.ts';
import type { Area } from '../kernel/registry.ts';
import { toldEvents } from '../kernel/webhook.ts';
import type { Endpoint } from './schema.ts';

/** Endpoints that a firm, and each of its clients, may have. */
export const MOST_ENDPOINTS = 20;

/** Of what an endpoint can be told: an area, and the modules that one must read to want it told. */
export interface Kind {
  area: string;
  modules: readonly Module[];
}

/** The areas of whose events clients may hear. */
export function kindsOf(areas: readonly Area[]): Kind[] {
  const told = [...toldEvents(areas).values()];
  return [...new Set(told.map(({ area }) => area))].map((area) => ({
    area,
    modules: [...new Set(told.flatMap((one) => (one.area === area && one.module ? one.module : [])))],
  }));
}

/** What nobody may read themselves, they have no program told of. */
export function kindsFor(kinds: readonly Kind[], actor: Actor): string[] {
  return kinds.filter(({ modules }) => modules.every((module) => reads(actor, module))).map(({ area }) => area);
}

/** The firm's administrators, and whoever leads a client: for their client. */
export function mayHaveEndpoints(actor: Actor): boolean {
  if (actor.kind !== 'person' || actor.look) return false;
  return actor.side === 'staff' ? actor.role === 'admin' : actor.role === 'client_admin';
}

export function keeps(actor: Actor, { clientId }: Pick<Endpoint, 'clientId'>): boolean {
  if (isSystem(actor)) return true;
  return mayHaveEndpoints(actor) && actor.kind === 'person' && (actor.side === 'staff' || actor.clientId === clientId);
}
