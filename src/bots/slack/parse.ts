import { z } from 'zod';
import type { Press } from '../../core/kernel/card.ts';
import { decodePress } from '../../core/kernel/card.ts';
import type { Pressed, Sender } from '../channel.ts';
import { fieldName } from './form.ts';
import type { State } from './payloads.ts';
import { BlockActions, EventCallback, SlashCommand, ViewSubmission } from './payloads.ts';
import { LINK, SUBMIT } from './render.ts';
import type { Where } from './where.ts';
import { metadataOf } from './where.ts';

/** A request of Slack, in our words. `pressed` is null for a button that this version of Parley cannot read. */
export type SlackRequest =
  | { kind: 'link' }
  | { kind: 'button'; pressed: Pressed | null; where: Where; trigger: string }
  | { kind: 'submission'; pressed: Pressed | null; where: Where; fields: string[] }
  | { kind: 'command'; pressed: Pressed; unknown: string | null; where: Where; trigger: string }
  | { kind: 'event'; account: string; deliveryId: string; eventKind: string; body: object };

/**
 * Reads a request that Slack signed. Null for one that is none of these: malformed, or of a kind that we did not ask for.
 * @param home the workspace to which a request belongs that names none (installations for a whole organisation)
 */
export function parseRequest(body: unknown, home: string): SlackRequest | null {
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  if (type === 'block_actions') return read(BlockActions, body, (payload) => fromActions(payload, home));
  if (type === 'view_submission') return read(ViewSubmission, body, (payload) => fromSubmission(payload, home));
  if (type === 'event_callback') return read(EventCallback, body, fromEvent);
  return read(SlashCommand, body, fromCommand);
}

function read<T>(schema: z.ZodType<T>, body: unknown, then: (payload: T) => SlackRequest): SlackRequest | null {
  const parsed = schema.safeParse(body);
  return parsed.success ? then(parsed.data) : null;
}

/** In Slack Connect `team` is where the app is installed and the person's own workspace stands beside their id. */
export function sender(install: string, account: string | null | undefined, user: string): Sender {
  return {
    install: { tool: 'slack', account: install },
    provider: 'slack',
    account: account ?? install,
    externalId: user,
    assurance: 'chat',
  };
}

function fromActions(payload: z.infer<typeof BlockActions>, home: string): SlackRequest {
  const { container, user, actions, view } = payload;
  const [action] = actions;
  if (action.action_id.startsWith(LINK)) return { kind: 'link' };
  const install = view?.app_installed_team_id ?? payload.team?.id ?? home;
  const channel = payload.channel?.id ?? container.channel_id ?? null;
  const place = view ? `view:${view.id}:${view.hash ?? ''}` : `${install}:${channel}:${container.message_ts ?? ''}`;
  const opened = metadataOf(view?.private_metadata);
  return {
    kind: 'button',
    pressed: pressedOf(decodePress(action.value ?? ''), {
      who: sender(install, user.team_id, user.id),
      requestId: `slack:${place}:${action.action_ts}:${user.id}:${action.action_id}`,
      ...(action.action_id === SUBMIT ? { form: formOf(payload.state ?? view?.state) } : {}),
    }),
    where: {
      user: user.id,
      channel: channel ?? opened.channel,
      thread: container.thread_ts ?? payload.message?.thread_ts ?? opened.thread,
      responseUrl: payload.response_url ?? opened.responseUrl,
      ephemeral: container.is_ephemeral ?? opened.ephemeral,
      view: view?.id ?? null,
    },
    trigger: payload.trigger_id,
  };
}

function fromSubmission({ view, user, team }: z.infer<typeof ViewSubmission>, home: string): SlackRequest {
  const opened = metadataOf(view.private_metadata);
  return {
    kind: 'submission',
    pressed: pressedOf(opened.press, {
      who: sender(view.app_installed_team_id ?? team?.id ?? home, user.team_id, user.id),
      // An edited modal has a new hash; a form sent again after a mistake has not, and the mistake left no trace.
      requestId: `slack:view:${view.id}:${view.hash ?? ''}`,
      form: formOf(view.state),
    }),
    where: {
      user: user.id,
      channel: opened.channel,
      thread: opened.thread,
      responseUrl: opened.responseUrl,
      ephemeral: opened.ephemeral,
      view: view.id,
    },
    fields: (view.blocks ?? []).flatMap((block) => fieldName(block.block_id ?? '') ?? []),
  };
}

function pressedOf(press: Press | null, rest: Omit<Pressed, 'press'>): Pressed | null {
  return press && { ...rest, press };
}

/** What was typed, by field; an empty field is absent. */
function formOf(given: z.infer<typeof State> | null | undefined): Record<string, string> {
  const form: Record<string, string> = {};
  for (const [blockId, elements] of Object.entries(given?.values ?? {})) {
    const name = fieldName(blockId);
    const [element] = Object.values(elements);
    const value = element?.value ?? element?.selected_option?.value ?? element?.selected_date;
    if (name !== null && value) form[name] = value;
  }
  return form;
}

/** What `/parley` understands, and the view that answers it. */
const WORDS: Readonly<Record<string, Press>> = {
  '': { target: 'home.help', input: {} },
  help: { target: 'home.help', input: {} },
  work: { target: 'home.work', input: {} },
  'my work': { target: 'home.work', input: {} },
  bug: { target: 'ticket.new-bug', input: {} },
  change: { target: 'ticket.new-change', input: {} },
  link: { target: 'identity.link', input: {} },
};

function fromCommand(payload: z.infer<typeof SlashCommand>): SlackRequest {
  const words = payload.text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const known = Object.hasOwn(WORDS, words);
  return {
    kind: 'command',
    pressed: {
      who: sender(payload.team_id, payload.team_id, payload.user_id),
      press: (known && WORDS[words]) || { target: 'home.help', input: {} },
      requestId: `slack:command:${payload.trigger_id}`,
    },
    unknown: known ? null : payload.text.trim(),
    where: {
      user: payload.user_id,
      channel: payload.channel_id,
      thread: null,
      responseUrl: payload.response_url,
      ephemeral: false,
      view: null,
    },
    trigger: payload.trigger_id,
  };
}

function fromEvent(payload: z.infer<typeof EventCallback>): SlackRequest {
  // The verification token is deprecated, and a secret: it is not kept.
  const { token: _token, ...body } = payload;
  return {
    kind: 'event',
    account: payload.authorizations?.[0]?.team_id ?? payload.team_id,
    deliveryId: meaningOf(payload),
    eventKind: payload.event.type,
    body,
  };
}

/** Slack may deliver one message under several event ids (slackapi/node-slack-sdk#2141): what it is about stays the same. */
function meaningOf({ event, event_id }: z.infer<typeof EventCallback>): string {
  if (event.type !== 'message' || typeof event.channel !== 'string') return `${event.type}:${event_id}`;
  const about = z
    .object({ message: z.object({ ts: z.string() }).optional(), deleted_ts: z.string().optional() })
    .safeParse(event).data;
  const changed = about?.message?.ts ?? about?.deleted_ts;
  return changed
    ? `${event.channel}:${changed}:${event.subtype}:${event.event_ts ?? event.ts}`
    : `${event.channel}:${event.ts}:${event.subtype ?? 'message'}`;
}
