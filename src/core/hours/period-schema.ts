import { z } from 'zod';
import type { Actor, Assurance } from '../kernel/actor.ts';
import { ASSURANCES } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';

export const STATUSES = ['open', 'sent', 'disputed', 'signed'] as const;
export type Status = (typeof STATUSES)[number];

/** What counts for the client in a month, as the client signs it. */
export const Line = z.strictObject({
  id: z.uuid().describe('The entry’s id'),
  personId: z.uuid().describe('Who worked'),
  personName: z.string().describe('What they were called then'),
  day: z.iso.date().describe('On which day'),
  minutes: z.int().describe('How long'),
  note: z.string().describe('What was done'),
  part: z.string().nullable().describe('The cycle or ticket that it was for'),
  isBeyond: z.boolean().describe('When it was logged, it went beyond what was agreed'),
});
export type Line = z.infer<typeof Line>;

const Sent = z.strictObject({
  byName: z.string().describe('Who sent it'),
  at: instant().describe('When it was sent last'),
});
const sent = { sent: Sent.describe('Who sent it to the client, and when') };

/** Who answered what was asked of them, through what, and how sure it was that it was them. */
export const answerShape = {
  personId: z.uuid().describe('Who answered'),
  byName: z.string().describe('What they were called then'),
  channel: z.string().describe('Where they did, like slack or portal'),
  assurance: z.enum(ASSURANCES).describe('How sure it was that it was them'),
  at: instant().describe('When they did'),
};

const Signature = z.strictObject({ hash: z.string().describe('The hash of what was signed'), ...answerShape });
const Dispute = z.strictObject({ reason: z.string().describe('What is wrong with it'), ...answerShape });

const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('open').describe('The client sees nothing of it') }),
  z.strictObject({ status: z.literal('sent').describe('The client can sign it'), ...sent }),
  z.strictObject({
    status: z.literal('disputed').describe('The client does not agree'),
    ...sent,
    dispute: Dispute.describe('What the client says'),
  }),
  z.strictObject({
    status: z.literal('signed').describe('It stays as it is'),
    ...sent,
    signature: Signature.describe('Who signed what'),
  }),
]);
export type State = z.infer<typeof State>;

const Invoiced = z.strictObject({
  invoice: z.uuid().describe('The invoice'),
  minutes: z.int().describe('How much it bills'),
  at: instant().describe('Since when'),
});

/** A project's hours of a calendar month. */
export const Period = z.strictObject({
  id: z.uuid().describe('The month’s id'),
  version: z.int().describe('Counts every change, also of its entries'),
  clientId: z.uuid().describe('The client'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().describe('The project'),
  projectName: z.string().describe('What the project is called'),
  timezone: z.string().describe('The client’s, in which days end'),
  month: z.string().describe('The month, like 2026-11'),
  budget: z.int().nullable().describe('Minutes that were agreed on for it; null where nothing was'),
  approved: z.int().describe('Minutes beyond the budget that the client has approved'),
  isAsked: z.boolean().describe('The client was asked for more hours, and has not answered'),
  entries: z.array(Line).describe('What counts for the client, by day'),
  unbilled: z.int().describe('Minutes that do not count for the client'),
  warned: z
    .strictObject({
      at80: z.int().nullable().describe('What was agreed, in minutes, when the team was told of 80 %'),
      at100: z.int().nullable().describe('The same of 100 %'),
    })
    .describe('What was warned of'),
  remindedAt: instant().nullable().describe('When the client was reminded of it last'),
  invoiced: Invoiced.nullable().describe('The invoice that bills it'),
  hash: z.string().describe('The fingerprint of what the client signs; a signature carries it'),
  state: State.describe('Where it stands'),
});
export type Period = z.infer<typeof Period>;

/** A month as one line of a list. */
export const ListedPeriod = Period.pick({
  id: true,
  month: true,
  clientName: true,
  projectName: true,
  budget: true,
  approved: true,
}).extend({
  status: z.enum(STATUSES).describe('Where it stands'),
  used: z.int().describe('Minutes that count for the client'),
  invoiced: z.int().nullable().describe('Minutes that were billed'),
});
export type ListedPeriod = z.infer<typeof ListedPeriod>;

/** Of a month, as events and answers tell it. */
export const PeriodFacts = z.strictObject({
  period: z.uuid().describe('The month’s id'),
  month: z.string().describe('Like 2026-11'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
  budget: z.int().nullable().describe('Minutes that are planned; null where none are'),
  used: z.int().describe('Minutes that count for the client'),
  hash: z.string().describe('Of what the client signs'),
});

/** Who acts, as a decision records it. */
export interface By {
  personId: string;
  name: string;
  channel: string;
  assurance: Assurance;
}

/** @throws DomainError forbidden for whoever is nobody: what is asked, sent or answered is in a person's name */
export function byOf(actor: Actor): By {
  if (actor.kind !== 'person') throw new DomainError('forbidden', 'Only a person can do this.');
  const { personId, name, channel, assurance } = actor;
  return { personId, name, channel, assurance };
}

export function answerOf({ personId, name: byName, channel, assurance }: By, at: Date) {
  return { personId, byName, channel, assurance, at };
}
