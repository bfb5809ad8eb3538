import { z } from 'zod';

const Account = z.object({ id: z.string().min(1), name: z.string().optional(), aadObjectId: z.string().optional() });

/** The part of an activity that is read; Teams sends much more and may add to it at any time. */
export const Activity = z.object({
  type: z.string(),
  id: z.string().min(1),
  name: z.string().optional(),
  action: z.string().optional(),
  serviceUrl: z.string(),
  from: Account,
  recipient: Account,
  conversation: z.object({
    id: z.string().min(1),
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
  }),
  channelData: z.object({ tenant: z.object({ id: z.string() }).optional() }).optional(),
  replyToId: z.string().optional(),
  text: z.string().optional(),
  entities: z
    .array(z.object({ type: z.string(), text: z.string().optional(), mentioned: Account.optional() }))
    .optional(),
  attachments: z.array(z.object({ contentType: z.string(), name: z.string().optional() })).optional(),
  membersAdded: z.array(Account).optional(),
  membersRemoved: z.array(Account).optional(),
  value: z.unknown().optional(),
});
export type Activity = z.infer<typeof Activity>;

/** What an invoke of an Adaptive Card carries. */
export const Action = z.object({
  action: z.object({
    verb: z.enum(['press', 'show']),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
});

/** The least that an activity must say to be kept under the firm it came to. */
export const Stranger = z.object({
  id: z.string().min(1),
  channelData: z.object({ tenant: z.object({ id: z.string() }) }),
});
