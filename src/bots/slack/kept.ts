import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StoredConnection } from '../../core/kernel/connection.ts';
import type { Delivery, InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { readJson } from '../../core/kernel/json.ts';
import { withoutSecrets } from '../redact.ts';
import { EventCallback, Origin } from './payloads.ts';

/** A request of Slack that is stored: an event, or one that nobody waits to be answered. */
export interface Kept {
  delivery: Delivery;
  /** What Slack wants to hear beside 200, if anything. */
  answer?: object;
}

/** Kinds of our own making, for presses that are stored because there is nothing to press. */
export const LINK_BUTTON = 'link_button';
export const UNREADABLE_PRESS = 'unreadable_press';
export const UNREADABLE_BODY = 'unreadable_body';

/**
 * Makes a delivery of whatever Slack signed, so that nothing it sends leaves no trace.
 * @param home the workspace of a request that names none
 * @param kind what it is to us, where its own type does not say it
 */
export function keep(body: unknown, home: string, kind?: string): Kept {
  const event = EventCallback.safeParse(body).data;
  const stored = withoutSecrets(body);
  const delivery = {
    source: 'slack',
    account: accountOf(body, home),
    deliveryId: (event && meaningOf(event)) ?? `${typeOf(body)}:${createHash('sha256').update(stored).digest('hex')}`,
    kind: kind ?? event?.event.type ?? typeOf(body),
    headers: {},
    body: stored,
  };
  // A list that is filled while one types waits for its options.
  return typeOf(body).endsWith('_suggestion') ? { delivery, answer: { options: [] } } : { delivery };
}

const Type = z.object({ type: z.string().regex(/^[a-z0-9_.]{1,80}$/) });

function typeOf(body: unknown): string {
  return Type.safeParse(body).data?.type ?? 'unknown';
}

/** The workspace in which the app is that a request came to. */
export function accountOf(body: unknown, home: string): string {
  const origin = Origin.safeParse(body).data;
  const [authorized] = origin?.authorizations?.flatMap(({ team_id: team }) => team ?? []) ?? [];
  return authorized ?? origin?.view?.app_installed_team_id ?? origin?.team_id ?? origin?.team?.id ?? home;
}

/** Slack may deliver one message under several event ids (slackapi/node-slack-sdk#2141): what it is about stays the same. */
function meaningOf({ event, event_id: eventId }: z.infer<typeof EventCallback>): string | null {
  const { type, channel, subtype } = event;
  const ts = event.event_ts ?? event.ts;
  if (type !== 'message' || !channel || !ts) return eventId ? `${type}:${eventId}` : null;
  const changed = event.message?.ts ?? event.deleted_ts;
  return changed ? `${channel}:${changed}:${subtype}:${ts}` : `${channel}:${event.ts ?? ts}:${subtype ?? 'message'}`;
}

/** What Slack may tell us that is of no use here, and why: silence is chosen, kind by kind. */
const IGNORED: ReadonlyMap<string, string> = new Map([
  [LINK_BUTTON, 'the button only opens a web page'],
  ['message_action', 'Parley offers no shortcuts on messages'],
  ['shortcut', 'Parley offers no global shortcuts'],
  ['view_closed', 'closing a form changes nothing'],
  ['block_suggestion', 'no list of Parley is filled while one types'],
  ['dialog_suggestion', 'no list of Parley is filled while one types'],
  ['function_executed', 'Parley offers no steps for workflows'],
  ['app_mention', 'a mention outside the thread of a card asks for nothing; inside, the message itself comes too'],
  ['app_home_opened', 'Parley has no home tab'],
  ['reaction_added', 'reactions are not mirrored'],
  ['reaction_removed', 'reactions are not mirrored'],
  ['pin_added', 'pins are not mirrored'],
  ['pin_removed', 'pins are not mirrored'],
  ['file_shared', 'a file comes with its message'],
  ['file_created', 'a file comes with its message'],
  ['file_change', 'files stay in Slack'],
  ['file_deleted', 'files stay in Slack'],
  ['file_public', 'files stay in Slack'],
  ['link_shared', 'links are not unfurled'],
  ['member_joined_channel', 'who reads a channel is for Slack to say'],
  ['member_left_channel', 'who reads a channel is for Slack to say'],
  ['team_join', 'people link themselves'],
  ['user_change', 'people are known by their id'],
  ['channel_created', 'a channel is bound by staff'],
  ['channel_rename', 'a channel is known by its id'],
  ['emoji_changed', 'emoji are not mirrored'],
  ['app_uninstalled', 'this workspace is reached with the settings of the hub, where its token stands'],
  ['tokens_revoked', 'this workspace is reached with the settings of the hub, where its token stands'],
]);

const Removal = z.object({
  event_time: z.number().optional(),
  event: z.object({ tokens: z.object({ bot: z.array(z.string()).optional() }).optional() }),
});

/** When Slack says that the app was removed from the workspace, or its token taken back (docs.slack.dev/reference/events). */
export function removalIn(
  { kind, body, receivedAt }: InboxItem,
  { sealed }: Pick<StoredConnection, 'sealed'>,
): { reason: string; at: Date } | null {
  if (!sealed || (kind !== 'app_uninstalled' && kind !== 'tokens_revoked')) return null;
  const { event_time: at, event } = Removal.safeParse(readJson(body.toString('utf8'))).data ?? {};
  // People may take back their own tokens, which Parley never had.
  if (kind === 'tokens_revoked' && !event?.tokens?.bot?.length) return null;
  const reason = 'Parley was removed from this Slack workspace. Add it to the workspace again.';
  return { reason, at: at === undefined ? receivedAt : new Date(at * 1_000) };
}

const UNREADABLE: ReadonlyMap<string, string> = new Map([
  [UNREADABLE_PRESS, 'a button or form that this version of Parley cannot read; whoever pressed was told so'],
  [UNREADABLE_BODY, 'Slack signed something that is no JSON; only its size is kept'],
  ['app_rate_limited', 'Slack held events back, there were too many: messages of that minute may be missing here'],
]);

/** How a stored request ends that nobody works: ignored on purpose, or kept for staff; null for an event with words in it. */
export function unworked({ kind, body }: InboxItem): Worked | null {
  const ignored = IGNORED.get(kind);
  if (ignored !== undefined) return { status: 'applied', outcome: `ignored: ${ignored}` };
  const unreadable = UNREADABLE.get(kind);
  if (unreadable !== undefined) return { status: 'quarantined', outcome: unreadable };
  if (EventCallback.safeParse(JSON.parse(body.toString('utf8'))).success) return null;
  return { status: 'quarantined', outcome: `Parley does not know what to do with a request of Slack of type ${kind}` };
}
