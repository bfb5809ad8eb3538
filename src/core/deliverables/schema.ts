import { z } from 'zod';
import type { Actor, Assurance } from '../kernel/actor.ts';
import { ASSURANCES, nameOf } from '../kernel/actor.ts';
import { instant } from '../kernel/instant.ts';
import { Content } from './content.ts';

/** In the order of a board's columns. */
export const STATUSES = ['planned', 'in_review', 'changes_wanted', 'approved', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

/** What the client said of a version: once, and for good. */
const Decision = z.strictObject({
  kind: z.enum(['approved', 'changes_wanted']).describe('Whether it is as it should be'),
  hash: z.string().describe('The hash of the version that it is about'),
  reason: z.string().nullable().describe('What is to be changed'),
  personId: z.uuid().describe('Who decided'),
  byName: z.string().describe('What they were called then'),
  channel: z.string().describe('Where they did, like slack or portal'),
  assurance: z.enum(ASSURANCES).describe('How sure it was that it was them'),
  at: instant().describe('When they did'),
});
export type Decision = z.infer<typeof Decision>;

/** A version as it was shared. Never edited: whoever shares anew makes the next one. */
const Share = z.strictObject({
  content: Content.describe('What the client was shown'),
  hash: z.string().describe('The fingerprint of the content; a decision is about it'),
  personId: z.uuid().describe('Who shared it'),
  byName: z.string().describe('What they were called then'),
  at: instant().describe('When they did'),
  decision: Decision.nullable().describe('What the client said of it; null where nothing was'),
});
export type Share = z.infer<typeof Share>;

const STANDS = 'Where it stands';

/** Where a deliverable stands, with what belongs to that alone. */
const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.enum(['planned', 'in_review', 'changes_wanted', 'approved']).describe(STANDS) }),
  z.strictObject({
    status: z.literal('withdrawn').describe(STANDS),
    byName: z.string().describe('Who took it out'),
    at: instant().describe('When they did'),
  }),
]);
export type State = z.infer<typeof State>;

/** Everything that is known of a deliverable. */
export const Deliverable = z.strictObject({
  id: z.uuid().describe('The deliverable’s id'),
  number: z.int().describe('What people call it by'),
  version: z.int().describe('Counts every change of it'),
  clientId: z.uuid().describe('The client who gets it'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().describe('The project that it is part of'),
  projectName: z.string().describe('What the project is called'),
  cycleId: z.uuid().describe('The cycle in which it is delivered'),
  cycleName: z.string().describe('What the cycle is called'),
  closed: z.boolean().describe('Whether that cycle is completed: then nothing is decided any more'),
  timezone: z.string().describe('The client’s, by name of the IANA database'),
  inScope: z.boolean().describe('Whether the scope that both sides signed names it'),
  name: z.string().describe('What is delivered'),
  description: z.string().nullable().describe('More about it'),
  state: State.describe('Where it stands, with what belongs to that'),
  shares: z.array(Share).readonly().describe('Every version that was shared, oldest first'),
  remindedAt: instant().nullable().describe('When the client was last reminded of what is shared now'),
  createdAt: instant().describe('When it was planned'),
});
export type Deliverable = z.infer<typeof Deliverable>;

/** A deliverable in a list: enough for a line, and for a card of a board. */
export const ListedDeliverable = z.strictObject({
  id: z.uuid().describe('The deliverable’s id'),
  number: z.int().describe('What people call it by'),
  name: z.string().describe('What is delivered'),
  status: z.enum(STATUSES).describe(STANDS),
  shares: z.int().describe('How often it was shared'),
  inScope: z.boolean().describe('Whether the scope that both sides signed names it'),
  cycleId: z.uuid().describe('The cycle in which it is delivered'),
  cycleName: z.string().describe('What the cycle is called'),
  waitsSince: instant()
    .nullable()
    .describe('Since when it waits for the client, or for the firm where changes are wanted'),
});
export type ListedDeliverable = z.infer<typeof ListedDeliverable>;

/** How many there are, by where they stand: the heads of a board's columns. */
export const Counts = z.strictObject({
  planned: z.int().describe('Not shared yet, or not as they are agreed on now'),
  inReview: z.int().describe('The client is to look'),
  changesWanted: z.int().describe('The firm is to change them'),
  approved: z.int().describe('The client approved what was shared last'),
});
export type Counts = z.infer<typeof Counts>;

/** How a deliverable stands, as events and answers tell it. */
export const Facts = z.strictObject({
  deliverable: z.uuid().describe('The deliverable’s id'),
  cycle: z.uuid().describe('The cycle in which it is delivered'),
  number: z.int().describe('What people call it by'),
  name: z.string().describe('What it is called'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
  shares: z.int().describe('How often it was shared'),
  hash: z.string().nullable().describe('Of what was shared last: what an approval is of'),
});

/** Who acts, as the record keeps it. */
export interface By {
  /** Null when the system or a connector acts. */
  personId: string | null;
  name: string;
  channel: string;
  assurance: Assurance;
}

export function byOf(actor: Actor): By {
  const person = actor.kind === 'person' ? actor : null;
  return {
    personId: person?.personId ?? null,
    name: nameOf(actor),
    channel: person?.channel ?? 'system',
    assurance: person?.assurance ?? 'link',
  };
}

/** What was shared last. */
export function lastShare({ shares }: Pick<Deliverable, 'shares'>): Share | undefined {
  return shares.at(-1);
}
