import { z } from 'zod';

/** What somebody worked, on one day: plain JSON. */
export const Entry = z.strictObject({
  id: z.uuid().describe('The entry’s id'),
  version: z.int().describe('Counts every change; presses carry it'),
  clientId: z.uuid().describe('The client for whom it was'),
  clientName: z.string().describe('What the client is called'),
  projectId: z.uuid().describe('The project in which it was'),
  projectName: z.string().describe('What the project is called'),
  periodId: z.uuid().describe('The project’s month in which it counts'),
  month: z.string().describe('That month, like 2026-11'),
  personId: z.uuid().describe('Who worked'),
  personName: z.string().describe('What they were called then'),
  loggedBy: z.string().describe('Who wrote it down'),
  day: z.iso.date().describe('On which day, by the calendar of whoever worked'),
  minutes: z.int().describe('How long'),
  note: z.string().describe('What was done; the client reads it once the month is sent'),
  billable: z.boolean().describe('Whether it counts for the client; the client sees nothing of what does not'),
  cycleId: z.uuid().nullable().describe('The cycle that it was for'),
  ticketId: z.uuid().nullable().describe('The ticket that it was for'),
  part: z.string().nullable().describe('What that cycle or ticket was called then'),
  isBeyond: z.boolean().describe('When it was logged, it went beyond what was agreed'),
  isShared: z.boolean().describe('The client has seen it'),
  closed: z.enum(['signed', 'invoiced']).nullable().describe('Why it is not changed any more'),
  isDeleted: z.boolean().describe('It counts for nothing any more'),
  createdAt: z.iso.datetime().describe('When it was logged'),
});
export type Entry = z.infer<typeof Entry>;

/** An entry in a list. */
export const ListedEntry = Entry.pick({
  id: true,
  day: true,
  minutes: true,
  note: true,
  billable: true,
  personId: true,
  personName: true,
  projectId: true,
  projectName: true,
  part: true,
  isBeyond: true,
});
export type ListedEntry = z.infer<typeof ListedEntry>;

/** Of an entry, as events and answers tell it. */
export const EntryFacts = z.strictObject({
  entry: z.uuid(),
  period: z.uuid().describe('The project’s month in which it counts'),
  person: z.uuid().describe('Who worked'),
  day: z.iso.date(),
  minutes: z.int(),
  billable: z.boolean(),
  version: z.int(),
});
