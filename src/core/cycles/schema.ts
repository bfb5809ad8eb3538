import { z } from 'zod';
import type { Assurance } from '../kernel/actor.ts';
import { ASSURANCES } from '../kernel/actor.ts';
import { Content } from './content.ts';

/** The two parties of an agreement; each approves a version of the scope once. */
export const PARTIES = ['firm', 'client'] as const;
export type Party = (typeof PARTIES)[number];

/** Somebody's signature under one version of the scope: who, for whom, through what, and how sure we were of it. */
const Approval = z.strictObject({
  side: z.enum(PARTIES),
  hash: z.string().describe('The hash of the content that was approved'),
  personId: z.uuid(),
  byName: z.string(),
  channel: z.string(),
  assurance: z.enum(ASSURANCES),
  at: z.date(),
});
export type Approval = z.infer<typeof Approval>;

/** The scope as it was from one change to the next. Never edited: a change makes the next number. */
const Version = z.strictObject({
  number: z.int(),
  content: Content,
  hash: z.string(),
  byName: z.string(),
  at: z.date(),
  approvals: z.array(Approval).readonly(),
});
export type Version = z.infer<typeof Version>;

const Dispute = z.strictObject({
  id: z.uuid(),
  reason: z.string(),
  personId: z.uuid(),
  byName: z.string(),
  openedAt: z.date(),
});
export type Dispute = z.infer<typeof Dispute>;

const ResolvedDispute = Dispute.extend({ resolution: z.string(), resolvedByName: z.string(), resolvedAt: z.date() });
export type ResolvedDispute = z.infer<typeof ResolvedDispute>;

/** Where a dispute goes once it is resolved. */
export const OUTCOMES = ['back_to_review', 'back_to_work'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const Agreed = z.strictObject({
  id: z.uuid(),
  clientId: z.uuid(),
  clientName: z.string(),
  firmName: z.string(),
  projectId: z.uuid(),
  projectName: z.string(),
  version: z
    .int()
    .describe(
      'Counts every change of what was agreed or decided. Presses that decide something carry it; reminders do not count',
    ),
  calendar: z.strictObject({ timezone: z.string(), holidays: z.array(z.string()) }).describe('The client’s calendar'),
  reviewDays: z.int().describe('Business days that the client has for the review'),
  review: z
    .strictObject({ opensAt: z.date(), closesAt: z.date() })
    .describe('While in review: when it opened and when it closes. Before: when it is due to'),
  remindedAt: z.date().nullable(),
  versions: z.tuple([Version], Version).readonly().describe('Oldest first; the last one is the present scope'),
  resolved: z.array(ResolvedDispute).readonly().describe('Disputes of the past, oldest first'),
});
type Agreed = z.infer<typeof Agreed>;

/** A cycle, by where it stands. A dispute is open exactly while the status says so. */
export const Cycle = z.discriminatedUnion('status', [
  Agreed.extend({ status: z.enum(['upcoming', 'in_progress', 'in_review']) }),
  Agreed.extend({ status: z.literal('disputed'), dispute: Dispute }),
  Agreed.extend({ status: z.literal('completed'), completedAt: z.date() }),
]);
export type Cycle = z.infer<typeof Cycle>;

/** A cycle as one line of the work order. */
export const CycleLine = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  status: z.enum(['upcoming', 'in_progress', 'in_review', 'disputed', 'completed']),
  startsOn: z.iso.date(),
  endsOn: z.iso.date(),
});
export type CycleLine = z.infer<typeof CycleLine>;

/** Where a cycle stands, as events and answers tell it. */
export const Facts = z.strictObject({
  cycle: z.uuid(),
  name: z.string(),
  status: z.enum(['upcoming', 'in_progress', 'in_review', 'disputed', 'completed']),
  version: z.int(),
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

/** The party's approval of the present scope, if it is there. */
export function approvalOf(cycle: Pick<Agreed, 'versions'>, side: Party): Approval | undefined {
  return scopeOf(cycle).approvals.find((approval) => approval.side === side);
}

/** True when both parties approved this very version. */
export function signedByBoth(version: Version): boolean {
  return PARTIES.every((side) => version.approvals.some((approval) => approval.side === side));
}

/** What a party is called: the firm's or the client's name. */
export function partyName(cycle: Pick<Agreed, 'clientName' | 'firmName'>, side: Party): string {
  return side === 'firm' ? cycle.firmName : cycle.clientName;
}
