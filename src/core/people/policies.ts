import type { Actor, Level, Module } from '../kernel/actor.ts';
import { LEVELS } from '../kernel/actor.ts';

type Levels = Readonly<Record<Module, Level>>;

const EVERYTHING: Levels = {
  projects: 'edit',
  tickets: 'edit',
  documents: 'edit',
  billing: 'edit',
  messages: 'edit',
  knowledge: 'edit',
};
const NOTHING: Levels = {
  projects: 'none',
  tickets: 'none',
  documents: 'none',
  billing: 'none',
  messages: 'none',
  knowledge: 'none',
};

/** What the predefined roles may do per module (A4); a person's own grants override it. */
const BUNDLES = {
  admin: EVERYTHING,
  partner: EVERYTHING,
  member: { ...EVERYTHING, billing: 'read' },
  client_admin: { ...EVERYTHING, knowledge: 'read' },
  approver: { ...EVERYTHING, documents: 'comment', billing: 'read', knowledge: 'read' },
  viewer: {
    projects: 'read',
    tickets: 'read',
    documents: 'read',
    billing: 'none',
    messages: 'read',
    knowledge: 'read',
  },
  feedback: { ...NOTHING, tickets: 'comment', knowledge: 'read' },
} as const satisfies Record<string, Levels>;

/**
 * How far an actor may go in a module, in one project where the project matters. Pure.
 * A room's audience counts as the strongest role of its side, so that its card carries the buttons; each press is checked anew.
 */
function levelOf(actor: Actor, module: Module, projectId?: string): Level {
  switch (actor.kind) {
    case 'integration':
    case 'system':
      return 'edit';
    case 'audience':
      return BUNDLES[actor.side === 'staff' ? 'partner' : 'approver'][module];
    case 'person':
      return actor.grants[module] ?? bundleOf(actor, projectId)[module];
  }
}

function bundleOf(actor: Extract<Actor, { kind: 'person' }>, projectId: string | undefined): Levels {
  if (actor.role !== 'client_member') return BUNDLES[actor.role];
  const role = projectId === undefined ? undefined : actor.memberships[projectId];
  return role ? BUNDLES[role] : NOTHING;
}

/** True when the actor may go at least that far. */
export function may(actor: Actor, least: Level, module: Module, projectId?: string): boolean {
  return LEVELS.indexOf(levelOf(actor, module, projectId)) >= LEVELS.indexOf(least);
}

/** True for people of the firm, its rooms, its connectors and the system. */
export function isFirm(actor: Actor): boolean {
  return actor.kind === 'integration' || actor.kind === 'system' || actor.side === 'staff';
}

/** True for people of the firm and the rooms they read. */
export function isTeam(actor: Actor): boolean {
  return (actor.kind === 'person' || actor.kind === 'audience') && isFirm(actor);
}

/** True for a contact who may bind the client: accept quotes, approve cycles (A3). Without a project: in all of them. */
export function isApprover(actor: Actor, projectId?: string): boolean {
  return !isFirm(actor) && may(actor, 'edit', 'projects', projectId);
}

/** The projects in which a contact may bind the client; null for whoever does in all that they see, and for the firm. */
export function projectsToApprove(actor: Actor): string[] | null {
  if (isFirm(actor)) return null;
  if (actor.kind === 'person' && actor.role === 'client_member')
    return Object.keys(actor.memberships).filter((id) => isApprover(actor, id));
  return isApprover(actor) ? null : [];
}
