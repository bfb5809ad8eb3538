import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { nameOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';

export const KINDS = ['words', 'decision', 'secret', 'files'] as const;
export type Kind = (typeof KINDS)[number];

export const STATUSES = ['asked', 'provided', 'accepted', 'returned', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

const STANDS = 'Where it stands';

/** What the client provided, and who did. */
const Given = z.strictObject({
  personId: z.uuid().describe('Who of the client it was'),
  byName: z.string().describe('What they were called then'),
  channel: z.string().describe('Where they did, like slack or portal'),
  at: instant().describe('When they did'),
  answer: z.string().nullable().describe('The words, or the option that was chosen; null for what is kept sealed'),
});
export type Given = z.infer<typeof Given>;

/** A file that was provided. */
export const ProvidedFile = z.strictObject({
  id: z.uuid().describe('The file’s id'),
  name: z.string().describe('What it is called'),
  type: z.string().describe('What it is, like application/pdf'),
  size: z.int().describe('In bytes'),
});
export type ProvidedFile = z.infer<typeof ProvidedFile>;

/** What the firm said to it. */
const Settled = z.strictObject({
  byName: z.string().describe('Who of the firm it was'),
  at: instant().describe('When they did'),
});
export type Settled = z.infer<typeof Settled>;

const given = { given: Given.describe('What was provided') };
const settled = { settled: Settled.describe('Who of the firm said so') };

/** Where a requirement stands, with what is known only then. */
export const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('asked').describe(STANDS) }),
  z.strictObject({ status: z.literal('provided').describe(STANDS), ...given }),
  z.strictObject({ status: z.literal('accepted').describe(STANDS), ...given, ...settled }),
  z.strictObject({
    status: z.literal('returned').describe(STANDS),
    ...given,
    ...settled,
    reason: z.string().describe('What is wrong with it'),
  }),
  z.strictObject({ status: z.literal('withdrawn').describe(STANDS), ...settled }),
]);
export type State = z.infer<typeof State>;

export const Requirement = z.strictObject({
  id: z.uuid().describe('The requirement’s id'),
  number: z.int().describe('What people call it by'),
  version: z.int().describe('Counts every change; presses carry it'),
  clientId: z.uuid().describe('The client of whom it is asked'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().describe('The project that needs it'),
  projectName: z.string().describe('What the project is called'),
  timezone: z.string().describe('The client’s, in which its day ends'),
  kind: z.enum(KINDS).describe('Words, a decision, something secret, or files'),
  title: z.string().describe('What is needed, in one line'),
  details: z.string().nullable().describe('What more is to be known'),
  options: z.array(z.string()).describe('What a decision is made between; empty for other kinds'),
  dueOn: z.iso.date().nullable().describe('By which day it is needed'),
  askedBy: z.string().describe('Who asked for it'),
  round: z.int().describe('How often it was provided'),
  state: State.describe('Where it stands, with what belongs to that'),
  remindedAt: instant().nullable().describe('When the client was reminded last'),
  overdueAt: instant().nullable().describe('When it was noted that its day is over'),
  looked: z
    .strictObject({
      times: z.int().describe('How often'),
      byName: z.string().describe('By whom last'),
      at: instant().describe('When last'),
    })
    .nullable()
    .describe('The looks of the firm at what is secret; null while there was none'),
  files: z.array(ProvidedFile).describe('Those that were provided last, in their order'),
  createdAt: instant().describe('When it was asked'),
});
export type Requirement = z.infer<typeof Requirement>;

/** A requirement as one line of a list. */
export const ListedRequirement = Requirement.pick({
  id: true,
  number: true,
  kind: true,
  title: true,
  dueOn: true,
  clientName: true,
  projectId: true,
  projectName: true,
}).extend({
  status: z.enum(STATUSES).describe(STANDS),
  isOverdue: z.boolean().describe('Not provided, and its day is over where the client is'),
});
export type ListedRequirement = z.infer<typeof ListedRequirement>;

export const Counts = z.strictObject({
  open: z.int().describe('The client is to provide them'),
  overdue: z.int().describe('Of these, those whose day is over where the client is'),
  provided: z.int().describe('The firm is to look at them'),
});
export type Counts = z.infer<typeof Counts>;

/** How a requirement stands, as events and answers tell it. What was provided is never among it. */
export const Facts = z.strictObject({
  status: z.enum(STATUSES).describe('Where it stands'),
  ...Requirement.pick({ number: true, kind: true, title: true, version: true, dueOn: true }).shape,
});

/** Who acts, as a decision records it. */
export interface By {
  personId: string | null;
  name: string;
  channel: string;
}

export function byOf(actor: Actor): By {
  const person = actor.kind === 'person' ? actor : null;
  return { personId: person?.personId ?? null, name: nameOf(actor), channel: person?.channel ?? 'system' };
}

/** What is provided is provided by a person. @throws DomainError forbidden for anybody else */
export function givenBy({ personId, name, channel }: By, answer: string | null, at: Date): Given {
  if (!personId) throw new DomainError('forbidden', 'Only a person can do this.');
  return { personId, byName: name, channel, at, answer };
}
