import { z } from 'zod';
import { instant } from '../kernel/instant.ts';
import { answerShape } from './period-schema.ts';

const STATUSES = ['asked', 'approved', 'declined', 'withdrawn'] as const;

const Answer = z.strictObject({ ...answerShape, reason: z.string().nullable().describe('Why not') });
export type Answer = z.infer<typeof Answer>;

/** More hours than were agreed, that the client approves before they are worked. */
export const Overrun = z.strictObject({
  id: z.uuid().describe('Its id'),
  version: z.int().describe('Counts every change; presses carry it'),
  clientId: z.uuid().describe('The client who is asked'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().describe('The project'),
  projectName: z.string().describe('What the project is called'),
  timezone: z.string().describe('The client’s, in which days end'),
  periodId: z.uuid().describe('The month of the project'),
  month: z.string().describe('The month, like 2026-11'),
  status: z.enum(STATUSES).describe('Whether the client has answered, or the firm withdrew it'),
  minutes: z.int().describe('How much more'),
  reason: z.string().describe('Why more is needed'),
  agreed: z.int().describe('Minutes that were agreed on when it was asked for'),
  used: z.int().describe('Minutes that were used up by then'),
  askedBy: z.string().describe('Who asked'),
  askedAt: instant().describe('When they asked'),
  remindedAt: instant().nullable().describe('When the client was reminded of it last'),
  answer: Answer.nullable().describe('Who answered or withdrew it, and how surely it was them'),
  isClosed: z.boolean().describe('The month is signed: nothing is added to it'),
});
export type Overrun = z.infer<typeof Overrun>;

/** Of a request for more hours, as events and answers tell it. */
export const OverrunFacts = z.strictObject({
  overrun: z.uuid().describe('The request’s id'),
  period: z.uuid().describe('The month of the project'),
  minutes: z.int().describe('How much more is asked for'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
});
