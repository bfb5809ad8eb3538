import { z } from 'zod';

export const KINDS = ['change', 'bug'] as const;
export type Kind = (typeof KINDS)[number];

/** Lowest first. */
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const STATUSES = ['new', 'needs_info', 'approved', 'in_progress', 'resolved', 'declined', 'duplicate'] as const;
export type Status = (typeof STATUSES)[number];

const STANDS = 'Where it stands';

/** Where a ticket stands, with what belongs to that status alone. */
const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.enum(['new', 'approved', 'in_progress', 'resolved']).describe(STANDS) }),
  z.strictObject({
    status: z.literal('needs_info').describe(STANDS),
    question: z.string().describe('What the client was asked'),
  }),
  z.strictObject({
    status: z.literal('declined').describe(STANDS),
    reason: z.string().describe('Why, for the client to read'),
  }),
  z.strictObject({ status: z.literal('duplicate').describe(STANDS), of: z.uuid().describe('The other ticket') }),
]);
export type State = z.infer<typeof State>;

/** Everything that is known of a ticket: plain JSON, instants in ISO 8601. */
export const Ticket = z.strictObject({
  id: z.uuid().describe('The ticket’s id'),
  number: z.int().describe('What people call it by, counted per firm'),
  clientId: z.uuid().describe('The client whose it is'),
  projectId: z.uuid().describe('The project that it is about'),
  kind: z.enum(KINDS).describe('A change that is wished for, or a bug'),
  state: State.describe('Where it stands, with what belongs to that'),
  version: z.int().describe('Counts every change of the ticket itself'),
  title: z.string().describe('What it is about, in one line'),
  description: z.string().describe('What is wished for, or what happens'),
  expected: z.string().nullable().describe('What should happen instead, of a bug'),
  steps: z.string().nullable().describe('How a bug can be seen'),
  links: z.array(z.string()).describe('Addresses that belong to it'),
  priority: z.enum(PRIORITIES).describe('How soon it is needed'),
  category: z.string().nullable().describe('How the firm sorts it'),
  dueOn: z.string().nullable().describe('A date, like 2026-11-27'),
  nextAction: z.string().nullable().describe('What happens next, for the client to read'),
  ownerId: z.uuid().nullable().describe('Who of the firm took it on'),
  ownerName: z.string().nullable().describe('What they are called'),
  reporterId: z.uuid().describe('Who filed it'),
  reporterName: z.string().describe('What they were called then'),
  createdAt: z.iso.datetime().describe('When it was filed'),
});
export type Ticket = z.infer<typeof Ticket>;

/** A ticket as a card shows it. */
export const ShownTicket = Ticket.extend({
  projectName: z.string().describe('What the project is called'),
  clientName: z.string().nullable().describe('Not read again right after filing'),
  original: z
    .strictObject({
      id: z.uuid().describe('Its id'),
      number: z.int().describe('What people call it by'),
      title: z.string().describe('What it is about'),
    })
    .nullable()
    .describe('The ticket that it duplicates, where the reader may see it'),
});
export type ShownTicket = z.infer<typeof ShownTicket>;

/** A ticket in a list. */
export const ListedTicket = Ticket.pick({
  id: true,
  number: true,
  kind: true,
  title: true,
  priority: true,
  ownerName: true,
  reporterName: true,
  createdAt: true,
}).extend({
  status: z.enum(STATUSES).describe(STANDS),
  projectName: z.string().describe('What the project is called'),
  clientName: z.string().describe('What the client is called'),
  updatedAt: z.iso.datetime().describe('When it last changed'),
});
export type ListedTicket = z.infer<typeof ListedTicket>;

/** How many tickets are open, by where they stand. */
export const Counts = z.strictObject({
  new: z.int().describe('Nobody has decided yet'),
  needsInfo: z.int().describe('The client was asked something'),
  approved: z.int().describe('To be worked on'),
  inProgress: z.int().describe('Being worked on'),
  unowned: z.int().describe('Open, and nobody took it on'),
});
export type Counts = z.infer<typeof Counts>;

/** Where a ticket stands, as events and answers tell it. */
export const Facts = z.strictObject({
  status: z.enum(STATUSES).describe(STANDS),
  statusNote: z.string().nullable().describe('The open question, or why it was declined'),
  duplicateOf: z.uuid().nullable().describe('The ticket that it duplicates'),
  ...Ticket.pick({
    number: true,
    kind: true,
    title: true,
    version: true,
    priority: true,
    ownerId: true,
    ownerName: true,
    reporterName: true,
  }).shape,
});

/** A state as it lies in the row: its columns. */
export interface StateColumns {
  status: Status;
  statusNote: string | null;
  duplicateOf: string | null;
}

export function columnsOf(state: State): StateColumns {
  switch (state.status) {
    case 'needs_info':
      return { status: state.status, statusNote: state.question, duplicateOf: null };
    case 'declined':
      return { status: state.status, statusNote: state.reason, duplicateOf: null };
    case 'duplicate':
      return { status: state.status, statusNote: null, duplicateOf: state.of };
    case 'new':
    case 'approved':
    case 'in_progress':
    case 'resolved':
      return { status: state.status, statusNote: null, duplicateOf: null };
  }
}

/** The state that the columns of a row stand for. */
export function stateOf({ status, statusNote, duplicateOf }: StateColumns): State {
  switch (status) {
    case 'needs_info':
      return { status, question: statusNote ?? '' };
    case 'declined':
      return { status, reason: statusNote ?? '' };
    case 'duplicate':
      return { status, of: duplicateOf ?? '' };
    case 'new':
    case 'approved':
    case 'in_progress':
    case 'resolved':
      return { status };
  }
}
