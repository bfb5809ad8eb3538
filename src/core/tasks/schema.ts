import { z } from 'zod';

/** In the order of a board's columns. */
export const STATUSES = ['open', 'in_progress', 'blocked', 'done', 'dropped'] as const;
export type Status = (typeof STATUSES)[number];

const STANDS = 'Where it stands';

/** Where a task stands, with what belongs to that status alone. */
const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.enum(['open', 'in_progress', 'dropped']).describe(STANDS) }),
  z.strictObject({
    status: z.literal('blocked').describe(STANDS),
    reason: z.string().describe('Why it cannot go on'),
  }),
  z.strictObject({
    status: z.literal('done').describe(STANDS),
    doneAt: z.iso.datetime().describe('When it was done'),
  }),
]);
export type State = z.infer<typeof State>;

/** Who is to do a task: somebody of the team, or where the client sees it one of the client's people. */
const Assignee = z.strictObject({
  id: z.uuid().describe('Who is to do it'),
  name: z.string().describe('What they were called then'),
  side: z.enum(['staff', 'contact']).describe('Of the firm, or of the client'),
});
export type Assignee = z.infer<typeof Assignee>;

/** The phase or cycle of its project in which a task stands. */
export const Part = z.strictObject({
  kind: z.enum(['phase', 'cycle']).describe('Which of both'),
  id: z.uuid().describe('Its id'),
});
export type Part = z.infer<typeof Part>;

/** Everything that is known of a task: plain JSON, instants in ISO 8601. */
export const Task = z.strictObject({
  id: z.uuid().describe('The task’s id'),
  number: z.int().describe('What people call it by'),
  clientId: z.uuid().describe('The client whose it is'),
  projectId: z.uuid().describe('The project in which it is done'),
  closed: z.boolean().describe('Whether that project is closed'),
  part: Part.nullable().describe('The phase or cycle that it is part of'),
  internal: z.boolean().describe('Only the team sees it'),
  state: State.describe('Where it stands, with what belongs to that'),
  version: z.int().describe('Counts every change of the task'),
  title: z.string().describe('What is to be done, in one line'),
  description: z.string().nullable().describe('What more is to be known'),
  assignee: Assignee.nullable().describe('Who is to do it'),
  dueOn: z.string().nullable().describe('A date, like 2026-11-27'),
  startedAt: z.iso.datetime().nullable().describe('When somebody began with it'),
  createdBy: z.string().describe('What whoever added it was called'),
  createdAt: z.iso.datetime().describe('When it was added'),
});
export type Task = z.infer<typeof Task>;

const partName = z.string().nullable().describe('What its phase or cycle is called');

/** A task as its card shows it. */
export const ShownTask = Task.extend({
  projectName: z.string().describe('What the project is called'),
  clientName: z.string().describe('What the client is called'),
  partName,
});
export type ShownTask = z.infer<typeof ShownTask>;

/** A task in a list: enough for a line, for a card of a board, and for a bar of a timeline. */
export const ListedTask = Task.pick({
  id: true,
  number: true,
  title: true,
  internal: true,
  dueOn: true,
  startedAt: true,
  createdAt: true,
  part: true,
}).extend({
  status: z.enum(STATUSES).describe(STANDS),
  doneAt: z.iso.datetime().nullable().describe('When it was done'),
  assigneeId: z.uuid().nullable().describe('Who is to do it'),
  assigneeName: z.string().nullable().describe('What they are called'),
  projectId: z.uuid().describe('The project in which it is done'),
  projectName: z.string().describe('What the project is called'),
  partName,
  isOverdue: z.boolean().describe('Not finished, and due before the reader’s today'),
  rank: z.number().describe('Its place in the order that was asked for, together with its number'),
});
export type ListedTask = z.infer<typeof ListedTask>;

/** How many tasks there are, by where they stand: the heads of a board's columns. */
export const Counts = z.strictObject({
  open: z.int().describe('Nobody has begun'),
  inProgress: z.int().describe('Somebody is at it'),
  blocked: z.int().describe('They cannot go on'),
  done: z.int().describe('They are done'),
  overdue: z.int().describe('Not finished, and due before the reader’s today'),
});
export type Counts = z.infer<typeof Counts>;

/** How a task stands, as events and answers tell it. */
export const Facts = z.strictObject({
  status: z.enum(STATUSES).describe('Where it stands'),
  reason: z.string().nullable().describe('Why it cannot go on'),
  assigneeId: z.uuid().nullable().describe('Who is to do it'),
  assigneeName: z.string().nullable().describe('What they are called'),
  phaseId: z.uuid().nullable().describe('The phase that it is part of'),
  cycleId: z.uuid().nullish().describe('The cycle that it is part of'),
  ...Task.pick({ number: true, title: true, version: true, internal: true, dueOn: true }).shape,
});
