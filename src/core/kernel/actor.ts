/** How sure we are that the person is who they seem (features A6), weakest first. */
export const ASSURANCES = ['link', 'mail', 'chat', 'sso'] as const;
export type Assurance = (typeof ASSURANCES)[number];

export type Side = 'staff' | 'contact';
export type StaffRole = 'admin' | 'partner' | 'member';
export type ClientRole = 'client_admin' | 'client_member';
export type ProjectRole = 'approver' | 'viewer' | 'feedback';
export const MODULES = ['projects', 'tickets', 'documents', 'billing', 'messages', 'knowledge'] as const;
export type Module = (typeof MODULES)[number];
export const LEVELS = ['none', 'read', 'comment', 'edit'] as const;
export type Level = (typeof LEVELS)[number];
export type Grants = Partial<Record<Module, Level>>;
export type ChannelName = 'slack' | 'teams' | 'discord' | 'email';
/** Where an act came from: a channel of people, the portal, a connector's name, or the system itself. */
export type Origin = ChannelName | 'portal' | 'cli' | 'system' | (string & {});

/** What an API key lets through of its person's own rights (feature K8). */
export interface KeyUse {
  id: string;
  /** Without it, the key reads. */
  writes: boolean;
  /** The modules that it is for; null for all that its person reads. */
  modules: readonly Module[] | null;
}

/** Who asks, before the database has said what they may see. */
export type Who =
  | {
      kind: 'person';
      tenantId: string;
      personId: string;
      channel: Origin;
      assurance: Assurance;
      onBehalfOf?: string;
      /** The look in which a member of the team is shown what this person sees (feature A9). It reads, and does nothing. */
      look?: string;
      /** A program asks, with a key that the person made for it. */
      key?: KeyUse;
    }
  | {
      kind: 'identity';
      /** The connected workspace or mailbox through which it came; it names the firm. */
      install: { tool: string; account: string };
      provider: ChannelName | 'sso';
      account: string;
      externalId: string;
      channel: Origin;
      assurance: Assurance;
    }
  | { kind: 'audience'; tenantId: string; roomId: string }
  | { kind: 'integration'; tenantId: string; connector: string; account: string }
  | { kind: 'system'; tenantId: string; reason: string };

export interface Person {
  kind: 'person';
  tenantId: string;
  personId: string;
  name: string;
  side: Side;
  role: StaffRole | ClientRole;
  /** The contact's company; null for staff. */
  clientId: string | null;
  /** Project id → the contact's role there. */
  memberships: Readonly<Record<string, ProjectRole>>;
  grants: Grants;
  timezone: string;
  channel: Origin;
  assurance: Assurance;
  onBehalfOf?: string;
  /** It is not they who read, but a member of the team who sees what they see. */
  look?: string;
}

/** Everybody who reads a room: what it may show is what the room's audience may see. Reads only. */
export interface AudienceActor {
  kind: 'audience';
  tenantId: string;
  roomId: string;
  side: Side;
  clientId: string | null;
  projectId: string | null;
  timezone: string;
}

export type Actor =
  | Person
  | AudienceActor
  | { kind: 'integration'; tenantId: string; connector: string; account: string; timezone: string }
  | { kind: 'system'; tenantId: string; reason: string; timezone: string };

/** The policy of what the hub does by itself: schedules, reactions, what it notes. Nobody is offered it on any channel. */
export function isSystem(actor: Actor): boolean {
  return actor.kind === 'system';
}

/** The side an actor stands on; connectors and the system act for the firm. */
export function sideOf(actor: Actor): Side {
  return actor.kind === 'person' || actor.kind === 'audience' ? actor.side : 'staff';
}

/** The name under which an act is recorded. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.name;
    case 'integration':
      return actor.connector;
    case 'audience':
    case 'system':
      return 'Parley';
  }
}

/**
 * May this actor read anything of a module? A person's own rights may say no; where they say nothing their role decides, in
 * each project anew.
 */
export function reads(actor: Actor, module: Module): boolean {
  return actor.kind !== 'person' || actor.grants[module] !== 'none';
}

/** True when `actual` is at least as strong as `least`. */
export function assured(actual: Assurance, least: Assurance): boolean {
  return ASSURANCES.indexOf(actual) >= ASSURANCES.indexOf(least);
}

/**
 * Is it sure enough who this person is? Whoever is signed in to the pages counts as `chat` at least: the link was theirs alone,
 * worked once, and only in the browser that acts now. What is recorded of an act stays what it was.
 */
export function isSure({ channel, assurance }: Pick<Person, 'channel' | 'assurance'>, least: Assurance): boolean {
  return assured(assurance, least) || (channel === 'portal' && assured('chat', least));
}
