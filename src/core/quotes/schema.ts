import { z } from 'zod';
import { Approvers } from '../approvals/index.ts';
import type { Actor, Assurance } from '../kernel/actor.ts';
import { ASSURANCES, nameOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { instant } from '../kernel/instant.ts';
import { Content } from './content.ts';

export const STATUSES = ['draft', 'sent', 'accepted', 'declined', 'expired', 'superseded', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

/** Who put their name to it, through what, and how sure it was that it was them. */
const Signature = z.strictObject({
  personId: z.uuid().describe('Who it was'),
  byName: z.string().describe('What they were called then'),
  channel: z.string().describe('Where they did, like slack or portal'),
  assurance: z.enum(ASSURANCES).describe('How sure it was that it was them'),
  at: instant().describe('When they did'),
});
export type Signature = z.infer<typeof Signature>;

const Sent = Signature.extend({ expiresAt: instant().describe('From when on it can no longer be accepted') });

const Acceptance = Signature.extend({
  hash: z.string().describe('The hash of what was accepted'),
  taken: z.array(z.int()).describe('The numbers of the options that were taken'),
});
export type Acceptance = z.infer<typeof Acceptance>;

/** How it ended, and by whom. */
const Ended = z.strictObject({
  byName: z.string().describe('Who ended it'),
  at: instant().describe('When it ended'),
});

const sent = { sent: Sent.describe('Who offered it, and until when') };
const ended = { ...sent, ended: Ended.describe('How it ended') };

/** Where a quote stands, with what is known only then. */
export const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('draft').describe('The client does not see it') }),
  z.strictObject({ status: z.literal('sent').describe('The client can accept it'), ...sent }),
  z.strictObject({
    status: z.literal('accepted').describe('It is agreed on'),
    ...sent,
    acceptance: Acceptance.describe('Who accepted what'),
  }),
  z.strictObject({
    status: z.literal('declined').describe('The client does not want it'),
    ...ended,
    reason: z.string().describe('Why not'),
  }),
  z.strictObject({ status: z.literal('expired').describe('It was not accepted in time'), ...ended }),
  z.strictObject({ status: z.literal('withdrawn').describe('The firm took it back'), ...ended }),
  z.strictObject({
    status: z.literal('superseded').describe('Another one was sent in its place'),
    ...ended,
    by: z.uuid().describe('That one'),
  }),
]);
export type State = z.infer<typeof State>;

export const Quote = z.strictObject({
  id: z.uuid().describe('The quote’s id'),
  number: z.int().describe('Counted for the firm'),
  version: z.int().describe('Counts every change; presses carry it'),
  clientId: z.uuid().describe('The client to whom it is offered'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().nullable().describe('The project that it is for; null for the whole client'),
  projectName: z.string().nullable().describe('What the project is called'),
  timezone: z.string().describe('The client’s, in which its last day ends'),
  content: Content.describe('What is offered'),
  hash: z.string().describe('The fingerprint of the content; an acceptance carries it'),
  approvers: Approvers.describe('Who of the client must accept it, and in which order'),
  sureAbove: z
    .string()
    .describe('Above which amount, in whole units of its currency, accepting takes a chat or signing in'),
  signed: z.array(Acceptance).readonly().describe('Who has accepted it so far, all with the same options'),
  state: State.describe('Where it stands'),
  replaces: z.uuid().nullable().describe('The quote that ends when this one is sent'),
  remindedAt: instant().nullable().describe('When the client was reminded of it last'),
  createdAt: instant().describe('When it was drafted'),
});
export type Quote = z.infer<typeof Quote>;

/** A quote that the client has agreed to. */
export type AcceptedQuote = Quote & { state: Extract<State, { status: 'accepted' }> };

/** Where a quote stands, as events and answers tell it. */
export const Facts = z.strictObject({
  quote: z.uuid().describe('The quote’s id'),
  number: z.int().describe('Counted for the firm'),
  title: z.string().describe('What it is for'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
  hash: z.string().describe('Of what is offered: what an acceptance must carry'),
  currency: z.string().describe('By ISO 4217, like EUR'),
});

/** A quote as one line of a list. */
export const ListedQuote = z.strictObject({
  id: z.uuid().describe('The quote’s id'),
  number: z.int().describe('Counted for the firm'),
  title: z.string().describe('What it is for'),
  status: z.enum(STATUSES).describe('Where it stands'),
  clientName: z.string().describe('To whom it is offered'),
  projectName: z.string().nullable().describe('For which project'),
  currency: z.string().describe('The code of ISO 4217'),
  gross: z.int().describe('What is billed once, with tax, in the smallest unit: with the options that were taken'),
  expiresOn: z.iso.date().describe('The last day on which it can be accepted'),
  createdAt: instant().describe('When it was drafted'),
});
export type ListedQuote = z.infer<typeof ListedQuote>;

/** Who acts, as a decision records it. */
export interface By {
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

/** A signature is a person's. @throws DomainError forbidden for anybody else */
export function signatureOf({ personId, name, channel, assurance }: By, at: Date): Signature {
  if (!personId) throw new DomainError('forbidden', 'Only a person can do this.');
  return { personId, byName: name, channel, assurance, at };
}
