import { z } from 'zod';

// What we read of Discord's interactions and messages (docs.discord.com: interactions/receiving-and-responding, resources/message).
// Discord adds to them at any time, so what is unknown is passed over; what we rely on must be there.

const id = z.string().regex(/^\d{1,20}$/);
const user = z.object({
  id,
  username: z.string().nullish(),
  global_name: z.string().nullish(),
  bot: z.boolean().nullish(),
});
const embed = z.object({ title: z.string(), description: z.string() });
const message = z.object({
  id,
  flags: z.int().nullish(),
  embeds: z.array(z.unknown()).nullish(),
  components: z.array(z.unknown()).nullish(),
});

/** An interaction: who does it, where, and on which way it is answered. */
const Interaction = z.object({
  id,
  token: z.string().min(1).max(500),
  guild_id: id.nullish(),
  channel_id: id.nullish(),
  member: z.object({ user, nick: z.string().nullish(), permissions: z.string().nullish() }).nullish(),
  user: user.nullish(),
  message: message.nullish(),
});

/** A command was typed. */
export const CommandInteraction = Interaction.extend({
  type: z.literal(2),
  data: z.object({
    name: z.string(),
    type: z.literal(1),
    options: z
      .array(
        z.object({
          name: z.string(),
          type: z.literal(1),
          options: z.array(z.object({ name: z.string(), value: z.unknown() })).nullish(),
        }),
      )
      .nullish(),
  }),
});

/** A button was pressed, or something was chosen from a list. */
export const ComponentInteraction = Interaction.extend({
  type: z.literal(3),
  message,
  data: z.object({ custom_id: z.string(), component_type: z.int(), values: z.array(z.string()).nullish() }),
});

const Typed = z.object({ custom_id: z.string(), value: z.string().nullish(), values: z.array(z.string()).nullish() });

/** A modal was sent. */
export const ModalInteraction = Interaction.extend({
  type: z.literal(5),
  data: z.object({ custom_id: z.string(), components: z.array(z.object({ component: Typed.nullish() })).max(40) }),
});

export type Interacted = z.infer<typeof CommandInteraction | typeof ComponentInteraction | typeof ModalInteraction>;

/** The embeds of a message that hold what was typed. */
export function embedsOf(given: unknown): z.infer<typeof embed>[] {
  const list = z.array(z.unknown()).safeParse(given);
  return (list.data ?? []).flatMap((one) => embed.safeParse(one).data ?? []);
}

/** Only where an interaction came from, for one that is not of a known form. */
export const Origin = z.object({
  id: id.nullish().catch(null),
  type: z.int().nullish().catch(null),
  guild_id: id.nullish().catch(null),
});

/** A message, as the gateway tells of it. */
export const Message = z.object({
  id,
  channel_id: id,
  guild_id: id,
  author: user,
  member: z.object({ nick: z.string().nullish() }).nullish(),
  type: z.int(),
  content: z.string().default(''),
  webhook_id: id.nullish(),
  /** There in threads alone. */
  position: z.int().nullish(),
  message_reference: z.object({ message_id: id.nullish(), channel_id: id.nullish() }).nullish(),
  mentions: z.array(user.extend({ member: z.object({ nick: z.string().nullish() }).nullish() })).default([]),
  attachments: z.array(z.object({ filename: z.string().nullish() })).default([]),
});
