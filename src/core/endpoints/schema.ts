import { z } from 'zod';
import { instant } from '../kernel/instant.ts';

const STATUSES = ['active', 'paused', 'failed'] as const;

/** Where a program of a firm or a client is told of what happens, and how that goes. What is signed with is never part of it. */
export const Endpoint = z.strictObject({
  id: z.uuid().describe('The endpoint’s id'),
  clientId: z
    .uuid()
    .nullable()
    .describe('The client whose it is; null for the firm’s own, which is told of all clients'),
  clientName: z.string().nullable().describe('What the client is called'),
  name: z.string().describe('What it is called'),
  url: z.string().describe('Where webhooks are sent'),
  areas: z.array(z.string()).nullable().describe('Of what it is told; null for all'),
  status: z.enum(STATUSES).describe('Whether it is sent anything; failed: it was given up'),
  fault: z.string().nullable().describe('Why it was given up'),
  ownerId: z.uuid().describe('Who is told when it is given up'),
  version: z.int().describe('Counts every change of the endpoint itself'),
  succeededAt: instant().nullable().describe('When it last took a webhook'),
  failedAt: instant().nullable().describe('When it last did not'),
  failure: z.string().nullable().describe('What went wrong then'),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** How an endpoint stands, as events and answers tell it. */
export const Facts = Endpoint.pick({ name: true, status: true, version: true });

/** One webhook, with what was answered last. */
export const Delivery = z.strictObject({
  id: z.uuid().describe('The event’s id, which is also the `webhook-id`'),
  type: z.string().describe('What happened'),
  state: z.enum(['waiting', 'delivered', 'failed']).describe('Whether it arrived; failed: it is not tried again'),
  attempts: z.int().describe('How often it was tried'),
  at: instant().describe('When it happened'),
  triedAt: instant().nullable().describe('When it was tried last'),
  dueAt: instant().describe('When it is tried next, where it waits'),
  status: z.int().nullable().describe('The status of the answer; null where there was none'),
  answer: z.string().nullable().describe('The beginning of the answer, as text'),
  fault: z.string().nullable().describe('What went wrong'),
});
export type Delivery = z.infer<typeof Delivery>;
