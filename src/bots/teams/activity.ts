import { z } from 'zod';

/** Without control characters and halves of characters, which Teams never sends and a database cannot hold. */
const id = z
  .string()
  .min(1)
  .max(1_000, { abort: true })
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const Account = z.object({ id, name: z.string().optional(), aadObjectId: id.optional() });

/** The first of a list: Teams sends a handful, and the raw activity keeps them all. */
const few = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value.slice(0, 100) : value), z.array(item));

/** The part of an activity that is read; Teams sends much more and may add to it at any time. */
export const Activity = z.object({
  type: id,
  id,
  name: id.optional(),
  action: z.string().optional(),
  serviceUrl: z.string(),
  from: Account,
  recipient: Account,
  conversation: z.object({
    id,
    conversationType: id.optional(),
    tenantId: id.optional(),
  }),
  channelData: z.object({ tenant: z.object({ id }).optional() }).optional(),
  replyToId: id.optional(),
  text: z.string().optional(),
  entities: few(z.object({ type: z.string(), text: z.string().optional(), mentioned: Account.optional() })).optional(),
  attachments: few(z.object({ contentType: z.string(), name: z.string().optional() })).optional(),
  membersAdded: few(Account).optional(),
  membersRemoved: few(Account).optional(),
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

/** The organisation of an activity that is not of a known form: it is kept under the firm it came to. */
export const Stranger = z.object({ channelData: z.object({ tenant: z.object({ id }) }) });
