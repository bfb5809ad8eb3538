import { z } from 'zod';
import { instant } from '../kernel/instant.ts';

export const INQUIRY_STATUSES = ['open', 'drafted', 'declined'] as const;

/** What a client would like a quote for (F6). */
export const Inquiry = z.strictObject({
  id: z.uuid().describe('The inquiry’s id'),
  version: z.int().describe('Counts every change; presses carry it'),
  clientId: z.uuid().describe('The client that asks'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().describe('The project that it is for'),
  projectName: z.string().describe('What the project is called'),
  title: z.string().describe('What a quote is wanted for'),
  body: z.string().nullable().describe('More about it'),
  byName: z.string().describe('Who asked'),
  createdAt: instant().describe('When they asked'),
  status: z.enum(INQUIRY_STATUSES).describe('Whether the firm has answered'),
  quote: z.uuid().nullable().describe('The quote that was drafted for it'),
  reason: z.string().nullable().describe('Why the firm offers nothing'),
});
export type Inquiry = z.infer<typeof Inquiry>;

export const InquiryFacts = z.strictObject({
  inquiry: z.uuid().describe('The inquiry’s id'),
  title: z.string().describe('What is wished for'),
  status: z.enum(INQUIRY_STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
});
