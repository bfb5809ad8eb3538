import type { ZodType } from 'zod';
import type { Press } from './card.ts';

/** A fact that a command leaves, in the past tense: `cycle.approved`. */
export interface NewEvent {
  name: string;
  about: { entity: string; id: string };
  clientId?: string;
  projectId?: string;
  /** What consumers need; ids and values, never more than staff of that client may see. */
  data: Record<string, unknown>;
  /** For the audit row: the state that the act changed. */
  before?: unknown;
  after?: unknown;
}

/** Which rooms hear of an event: the same for all of its kind, or by what it holds. */
export type Hearing<Data> = readonly Audience[] | { by(event: Pick<Event<Data>, 'about' | 'data'>): Audience[] }['by'];

/** A kind of event: what is recorded of it, how it is told, and who may know of it. */
export interface EventDefinition<Data = Record<string, unknown>> {
  name: string;
  /** What it holds. It is parsed before it is stored, so whoever reads it takes the type. New parts are optional: stored events stay as they are. */
  data: ZodType<Data>;
  /** What somebody did, behind their name: "approved it". */
  says(data: Data): string;
  /** The rooms that may hear of it, or the one person. */
  audience: Hearing<Data>;
  /**
   * Its audience depends on what it holds, and the client's rooms may be among it: by this, webhooks and their description know that it
   * is one of which a client may hear.
   */
  mayReachClient?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: a thing has events of every kind
export type AnyEventDefinition = EventDefinition<any>;

/** An event about what is no declared thing: made of what it is about, and of what it holds. */
export interface PlainEvent<Data> extends EventDefinition<Data> {
  /** @throws Error when it does not hold what it says: a fault of ours, and nothing is written then */
  of(about: NewEvent['about'], data: Data, more?: Omit<NewEvent, 'name' | 'about' | 'data'>): NewEvent;
}

/** Which rooms hear of one that happened. */
export function audienceOf<Data>({ audience }: EventDefinition<Data>, event: Pick<Event<Data>, 'about' | 'data'>) {
  return typeof audience === 'function' ? audience(event) : [...audience];
}

/** Declares an event about what is no declared thing. A thing's own are declared by `thing.event`. */
export function event<Data extends Record<string, unknown>>(definition: EventDefinition<Data>): PlainEvent<Data> {
  const { name, data: schema } = definition;
  return { ...definition, of: (about, data, more) => ({ ...more, name, about, data: schema.parse(data) }) };
}

/** A stored event. */
export interface Event<Data = Record<string, unknown>> {
  tenantId: string;
  id: string;
  seq: number;
  name: string;
  about: { entity: string; id: string };
  clientId: string | null;
  projectId: string | null;
  data: Data;
  actor: {
    kind: string;
    personId?: string;
    name: string;
    side: string;
    connector?: string;
    account?: string;
    channel: string;
  };
  requestId: string;
  at: Date;
}

/** Event → the next command, which runs as the system. A command never runs a command. */
export interface Reaction {
  on: string;
  next(event: Event): { name: string; input: Record<string, unknown> } | null;
}

/**
 * Which rooms hear of an event: those of the project, the client or the firm for such people, one room, or one person's
 * mailbox; with `everywhere` also the direct chats of the person. By which of them a person is told, and when, they choose
 * (core/notices).
 */
export type Audience =
  | { audience: 'client' | 'internal' | 'triage' }
  | { room: string }
  | { person: string; everywhere?: true };

/**
 * How much a fact matters to whoever is told of it. `critical` comes at once by every channel, also in quiet hours, and cannot be
 * turned off; `standard` comes as its reader wants it; `informational` waits for the digest.
 */
export const TIERS = ['critical', 'standard', 'informational'] as const;
export type Tier = (typeof TIERS)[number];

/** How people are told, beside what they are told. Rooms that several people read are told of everything at once. */
export interface Telling<Data = Record<string, unknown>> {
  /** By default `standard`. */
  tier?: Tier;
  /** Whoever did it is told as well: it may have been somebody else in their name. */
  tellsDoer?: boolean;
  /** Events about the same thing after which nobody is told of it any more, if they were not told before: what ends a reminder. */
  until?: readonly { name: string }[];
  /** What the card is about, where the event is about something else. */
  cardAbout?(event: Event<Data>): Event['about'];
}

/** Event → a card in rooms. */
export interface Announcement {
  on: string;
  tier: Tier;
  tellsDoer: boolean;
  /** Names of events. */
  until: readonly string[];
  cardAbout(event: Event): Event['about'];
  audience(event: Event): Audience[];
  /** The view whose card is posted and kept current. */
  view(event: Event): Press;
  /**
   * `card`: one lasting card per thing and room, posted if it is not there yet, else brought to date.
   * `reply`: a message of its own in the thread of the thing's card.
   * `alert`: a message of its own that nobody overlooks; a thread is quiet, and a card that changes in place alerts nobody.
   */
  as: 'card' | 'reply' | 'alert';
}

/** An announcement to the rooms that may know of the event. */
export function announce<Data>(
  on: EventDefinition<Data>,
  as: Announcement['as'],
  view: (event: Event<Data>) => Press,
  telling: Telling<Data> = {},
): Announcement {
  const { tier = 'standard', tellsDoer = false, until = [], cardAbout } = telling;
  return {
    on: on.name,
    as,
    tier,
    tellsDoer,
    until: until.map(({ name }) => name),
    cardAbout: (event) => cardAbout?.(event as Event<Data>) ?? event.about,
    audience: (event) => audienceOf(on, event as Event<Data>),
    view: (event) => view(event as Event<Data>),
  };
}

/** What follows from an event, by its type. */
export function reactTo<Data>(
  on: EventDefinition<Data>,
  next: (event: Event<Data>) => ReturnType<Reaction['next']>,
): Reaction {
  return { on: on.name, next: (event) => next(event as Event<Data>) };
}

/** Somebody's answer to a command, before it is stored. */
export interface Decision<Out> {
  events: [NewEvent, ...NewEvent[]];
  output: Out;
  /** What only the page behind this very press is to show. It is stored nowhere, and a repeat of the request does not get it. */
  shown?: ShownOnce;
}

/** Something secret, opened for one look. */
export interface ShownOnce {
  label: string;
  text: string;
  /** What is said below it. */
  note: string;
}

/** A row of the event table, as far as it is read. */
export interface EventRow {
  tenant_id: string;
  id: string;
  seq: number;
  name: string;
  entity: string;
  entity_id: string;
  client_id: string | null;
  project_id: string | null;
  data: Record<string, unknown>;
  actor: Event['actor'];
  request_id: string;
  at: Date;
}

export function eventOf(row: EventRow): Event {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    seq: row.seq,
    name: row.name,
    about: { entity: row.entity, id: row.entity_id },
    clientId: row.client_id,
    projectId: row.project_id,
    data: row.data,
    actor: row.actor,
    requestId: row.request_id,
    at: row.at,
  };
}
