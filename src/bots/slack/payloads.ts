import { z } from 'zod';

// What we read of Slack's payloads (docs.slack.dev/reference/interaction-payloads and /events). Slack adds to them at any
// time, so what is unknown is passed over; what we rely on must be there.

/** Without control characters and halves of characters, which Slack never sends and a database cannot hold. */
const id = z
  .string()
  .min(1)
  .max(200, { abort: true })
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const person = z.object({ id, team_id: id.nullish(), name: z.string().nullish() });
const team = z.object({ id }).nullish();
const typed = z.object({
  value: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});
/** What is typed into the fields that are shown, by block and action. */
export const State = z.object({ values: z.record(z.string(), z.record(z.string(), typed)) });
const view = z.object({
  id,
  hash: z.string().nullish(),
  private_metadata: z.string().nullish(),
  app_installed_team_id: id.nullish(),
  blocks: z.array(z.object({ block_id: z.string().nullish() })).optional(),
  state: State.optional(),
});

/** A button was pressed, or something was chosen from a menu. */
export const BlockActions = z.object({
  type: z.literal('block_actions'),
  user: person,
  team,
  channel: z.object({ id }).nullish(),
  container: z.object({
    message_ts: id.nullish(),
    channel_id: id.nullish(),
    thread_ts: id.nullish(),
    is_ephemeral: z.boolean().nullish(),
  }),
  message: z.object({ thread_ts: id.nullish() }).nullish(),
  view: view.nullish(),
  state: State.nullish(),
  actions: z.tuple(
    [
      z.object({
        action_id: id,
        action_ts: id,
        value: z.string().nullish(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    ],
    z.unknown(),
  ),
  response_url: z.string().nullish(),
  trigger_id: id,
});
/** A modal was sent. */
export const ViewSubmission = z.object({ type: z.literal('view_submission'), user: person, team, view });
/** Somebody typed a command. */
export const SlashCommand = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  user_id: id,
  user_name: z.string().nullish(),
  team_id: id,
  channel_id: id,
  response_url: z.string(),
  trigger_id: id,
});
/** What an event says about itself. Events of an organisation may name no workspace; some come without an id of their own. */
export const EventCallback = z.looseObject({
  event_id: id.nullish(),
  event: z.looseObject({
    type: id,
    subtype: id.nullish(),
    channel: id.nullish().catch(null),
    ts: id.nullish(),
    event_ts: id.nullish(),
    /** The message that was edited or deleted. */
    message: z.looseObject({ ts: id }).nullish().catch(null),
    deleted_ts: id.nullish(),
  }),
});
/** Where any request may name the workspace that it came through. */
export const Origin = z.object({
  authorizations: z
    .array(z.object({ team_id: id.nullish().catch(null) }))
    .nullish()
    .catch(null),
  team_id: id.nullish().catch(null),
  team: z.object({ id }).nullish().catch(null),
  view: z.object({ app_installed_team_id: id.nullish() }).nullish().catch(null),
});
