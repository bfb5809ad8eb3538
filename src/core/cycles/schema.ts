import { z } from 'zod';
import { Approvers } from '../approvals/index.ts';
import type { Assurance } from '../kernel/actor.ts';
import { ASSURANCES } from '../kernel/actor.ts';
import { instant } from '../kernel/instant.ts';
import { Content } from './content.ts';

/** The two parties of an agreement. The firm approves a version of the scope once, the client with as many as its rule asks for. */
export const PARTIES = ['firm', 'client'] as const;
export type Party = (typeof PARTIES)[number];

/** Somebody's signature under one version of the scope: who, for whom, through what, and how sure we were of it. */
const Approval = z.strictObject({
  side: z.enum(PARTIES).describe('For which party it was approved'),
  hash: z.string().describe('The hash of the content that was approved'),
  personId: z.uuid().describe('Who approved it'),
  byName: z.string().describe('What they were called then'),
  channel: z.string().describe('Where they did, like slack or portal'),
  assurance: z.enum(ASSURANCES).describe('How sure it was that it was them'),
  at: instant().describe('When they did'),
});
export type Approval = z.infer<typeof Approval>;

/** The scope as it was from one change to the next. Never edited: a change makes the next number. */
const Version = z.strictObject({
  number: z.int().describe('Counted from 1'),
  content: Content.describe('What is agreed on'),
  hash: z.string().describe('The fingerprint of the content; an approval carries it'),
  byName: z.string().describe('Who wrote this version'),
  at: instant().describe('When it was written'),
  approvals: z.array(Approval).readonly().describe('Who approved this version'),
  agreedAt: instant().nullable().describe('When enough of the client had approved it'),
});
export type Version = z.infer<typeof Version>;

const Dispute = z.strictObject({
  id: z.uuid().describe('The dispute’s id'),
  reason: z.string().describe('What is wrong, in the words of whoever disputed'),
  personId: z.uuid().describe('Who disputed'),
  byName: z.string().describe('What they were called then'),
  openedAt: instant().describe('When they did'),
});
export type Dispute = z.infer<typeof Dispute>;

const ResolvedDispute = Dispute.extend({
  resolution: z.string().describe('What was agreed or done'),
  resolvedByName: z.string().describe('Who resolved it'),
  resolvedAt: instant().describe('When it was resolved'),
});
export type ResolvedDispute = z.infer<typeof ResolvedDispute>;

/** Where a dispute goes once it is resolved. */
export const OUTCOMES = ['back_to_review', 'back_to_work'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const Agreed = z.strictObject({
  id: z.uuid().describe('The cycle’s id'),
  clientId: z.uuid().describe('The client with whom it is agreed'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().describe('The project that it is part of'),
  projectName: z.string().describe('What the project is called'),
  version: z
    .int()
    .describe(
      'Counts every change of what was agreed or decided. Presses that decide something carry it; reminders do not count',
    ),
  calendar: z
    .strictObject({
      timezone: z.string().describe('A name of the IANA time zone database'),
      holidays: z.array(z.string()).describe('Days on which nobody works, like 2026-12-25'),
    })
    .describe('The client’s calendar'),
  approvers: Approvers.describe('Who of the client must approve the scope, and in which order'),
  reviewDays: z.int().describe('Business days that the client has for the review'),
  review: z
    .strictObject({ opensAt: instant().describe('When it opens'), closesAt: instant().describe('When it closes') })
    .describe('While in review: when it opened and when it closes. Before: when it is due to'),
  remindedAt: instant().nullable().describe('When the client was last reminded of the review'),
  parts: z
    .strictObject({
      done: z.int().describe('Tasks that are done, and deliverables that are approved'),
      total: z.int().describe('All of them, without those that were dropped or withdrawn'),
    })
    .describe('What is done in it; none where there are neither tasks nor deliverables'),
  versions: z.tuple([Version], Version).readonly().describe('Oldest first; the last one is the present scope'),
  resolved: z.array(ResolvedDispute).readonly().describe('Disputes of the past, oldest first'),
});
type Agreed = z.infer<typeof Agreed>;

/** A cycle, by where it stands. A dispute is open exactly while the status says so. */
export const Cycle = z.discriminatedUnion('status', [
  Agreed.extend({ status: z.enum(['upcoming', 'in_progress', 'in_review']).describe('Where it stands') }),
  Agreed.extend({
    status: z.literal('disputed').describe('Where it stands'),
    dispute: Dispute.describe('What the client disputes'),
  }),
  Agreed.extend({
    status: z.literal('completed').describe('Where it stands'),
    completedAt: instant().describe('When the client took it'),
  }),
]);
export type Cycle = z.infer<typeof Cycle>;

/** Where a cycle may stand, in the order of its life. */
export const STATUSES = ['upcoming', 'in_progress', 'in_review', 'disputed', 'completed'] as const;

/** A cycle as one line of the work order. */
export const CycleLine = z.strictObject({
  id: z.uuid().describe('The cycle’s id'),
  name: z.string().describe('What it is called'),
  status: z.enum(STATUSES).describe('Where it stands'),
  startsOn: z.iso.date().describe('Its first day'),
  endsOn: z.iso.date().describe('Its last day'),
  progress: z.int().nullable().describe('Per cent done, by its tasks and deliverables; null where there are none'),
});
export type CycleLine = z.infer<typeof CycleLine>;

/** How many cycles a project has, by where they stand: the heads of a board’s columns. */
export const Counts = z.strictObject({
  upcoming: z.int().describe('Their work has not begun'),
  inProgress: z.int().describe('They are worked on'),
  inReview: z.int().describe('The client looks at what was delivered'),
  disputed: z.int().describe('The client disputes what was delivered'),
  completed: z.int().describe('The client took what was delivered'),
});
export type Counts = z.infer<typeof Counts>;

/** Where a cycle stands, as events and answers tell it. */
export const Facts = z.strictObject({
  cycle: z.uuid().describe('The cycle’s id'),
  name: z.string().describe('What it is called'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
  number: z.int().describe('Of the present scope'),
  hash: z.string().describe('Of the present scope: what an approval must carry'),
});

/** Who acts on a cycle, as the rules and the record need it. */
export interface By {
  /** Null when the system or a connector acts. */
  personId: string | null;
  name: string;
  side: Party;
  channel: string;
  assurance: Assurance;
  timezone: string;
}

/** The present scope. */
export function scopeOf(cycle: Pick<Agreed, 'versions'>): Version {
  return cycle.versions.at(-1) ?? cycle.versions[0];
}

/** The approval with which the party agreed to the present scope, if it has. */
export function approvalOf(cycle: Pick<Agreed, 'versions'>, side: Party): Approval | undefined {
  const scope = scopeOf(cycle);
  return hasAgreed(scope, side) ? approvalsOf(scope, side).at(-1) : undefined;
}

/** Who signed a version for a party, in the order in which they did. */
export function approvalsOf({ approvals }: Pick<Version, 'approvals'>, side: Party): Approval[] {
  return approvals.filter((approval) => approval.side === side);
}

/** True when the party has agreed to this very version: the firm with one approval, the client with enough of them. */
export function hasAgreed(version: Version, side: Party): boolean {
  return side === 'client' ? version.agreedAt !== null : approvalsOf(version, side).length > 0;
}

/** True when both parties have agreed to this very version. */
export function signedByBoth(version: Version): boolean {
  return PARTIES.every((side) => hasAgreed(version, side));
}

/** Who of the client has signed the present scope. */
export function signersOf(cycle: Pick<Agreed, 'versions'>): string[] {
  return approvalsOf(scopeOf(cycle), 'client').map(({ personId }) => personId);
}

/** How far it is, in per cent; null where nothing says so. It is a hundred when all is done, and what the client took is done. */
export function progressOf({ status, parts: { done, total } }: Pick<Cycle, 'status' | 'parts'>): number | null {
  if (!total) return null;
  return status === 'completed' ? 100 : Math.floor((100 * done) / total);
}

/** What a party is called: the firm's or the client's name. */
export function partyName(cycle: Pick<Agreed, 'clientName' | 'firmName'>, side: Party): string {
  return side === 'firm' ? cycle.firmName : cycle.clientName;
}
