import type { z } from 'zod';
import type { Press } from '../../core/kernel/card.ts';
import { decodePress } from '../../core/kernel/card.ts';
import type { Words } from '../../core/kernel/words.ts';
import { spokenIn } from '../../core/kernel/words.ts';
import type { Pressed, Sender } from '../channel.ts';
import { fieldName } from './form.ts';
import type { Kept } from './kept.ts';
import { keep, LINK_BUTTON } from './kept.ts';
import type { State } from './payloads.ts';
import { BlockActions, SlashCommand, ViewSubmission } from './payloads.ts';
import { LINK, SUBMIT } from './render.ts';
import { unescaped } from './text.ts';
import type { Where } from './where.ts';
import { metadataOf } from './where.ts';

/** A request that somebody waits to be answered. `pressed` is null for what this version of Parley cannot read. */
export type Awaited =
  | { kind: 'button'; pressed: Pressed | null; where: Where; trigger: string }
  | { kind: 'submission'; pressed: Pressed | null; where: Where; fields: string[] }
  | { kind: 'command'; pressed: Pressed; unknown: string | null; where: Where; trigger: string };

/** A request of Slack, in our words. Kept: an event, a kind of request that we do not use, or one not understood. */
export type SlackRequest = Awaited | { kind: 'kept'; kept: Kept };

/**
 * Reads a request that Slack signed.
 * @param home the workspace to which a request belongs that names none (installations for a whole organisation)
 * @param words what people may write behind the slash command
 */
export function parseRequest(body: unknown, home: string, words: Words): SlackRequest {
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
  const read =
    (type === 'block_actions' && reading(BlockActions, body, (payload) => fromActions(payload, home))) ||
    (type === 'view_submission' && reading(ViewSubmission, body, (payload) => fromSubmission(payload, home))) ||
    (type === undefined && reading(SlashCommand, body, (payload) => fromCommand(payload, words)));
  return read || { kind: 'kept', kept: keep(body, home) };
}

function reading<T>(schema: z.ZodType<T>, body: unknown, then: (payload: T) => SlackRequest): SlackRequest | null {
  const parsed = schema.safeParse(body);
  return parsed.success ? then(parsed.data) : null;
}

/** In Slack Connect `team` is where the app is installed and the person's own workspace stands beside their id. */
export function sender(
  install: string,
  account: string | null | undefined,
  user: string,
  name?: string | null,
): Sender {
  return {
    install: { tool: 'slack', account: install },
    provider: 'slack',
    account: account ?? install,
    externalId: user,
    assurance: 'chat',
    ...(name ? { name } : {}),
  };
}

function fromActions(payload: z.infer<typeof BlockActions>, home: string): SlackRequest {
  const { container, user, actions, view } = payload;
  const [action] = actions;
  if (action.action_id.startsWith(LINK)) return { kind: 'kept', kept: keep(payload, home, LINK_BUTTON) };
  const install = view?.app_installed_team_id ?? payload.team?.id ?? home;
  const channel = payload.channel?.id ?? container.channel_id ?? null;
  const place = view ? `view:${view.id}:${view.hash ?? ''}` : `${install}:${channel}:${container.message_ts ?? ''}`;
  const opened = metadataOf(view?.private_metadata);
  return {
    kind: 'button',
    pressed: pressedOf(decodePress(action.value ?? action.selected_option?.value ?? ''), {
      who: sender(install, user.team_id, user.id, user.name),
      requestId: `slack:${place}:${action.action_ts}:${user.id}:${action.action_id}`,
      ...inRoom(install, channel ?? opened.channel),
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
      who: sender(view.app_installed_team_id ?? team?.id ?? home, user.team_id, user.id, user.name),
      // An edited modal has a new hash; a form sent again after a mistake has not, and the mistake left no trace.
      requestId: `slack:view:${view.id}:${view.hash ?? ''}`,
      ...inRoom(view.app_installed_team_id ?? team?.id ?? home, opened.channel),
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

/** Channels and group chats; a D is a chat with one person. */
function inRoom(account: string, channel: string | null): Pick<Pressed, 'place'> {
  return channel && !channel.startsWith('D') ? { place: { channel: 'slack', account, address: channel } } : {};
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
    const ticked = element?.selected_options?.map(({ value: tick }) => tick).join(',');
    const value = element?.value ?? element?.selected_option?.value ?? element?.selected_date ?? ticked;
    if (name !== null && value) form[name] = value;
  }
  return form;
}

/** What is shown to whoever says nothing, or nothing that is known. */
const HELP: Press = { target: 'home.help', input: {} };

/** What a command asks for; null for words that nobody knows. */
function wordPress(text: string, words: Words): Press | null {
  const spoken = spokenIn(words, text);
  if (!spoken) return null;
  const { word, rest } = spoken;
  return word.takes && rest ? { ...word.press, input: { [word.takes]: unescaped(rest) } } : word.press;
}

function fromCommand(payload: z.infer<typeof SlashCommand>, words: Words): SlackRequest {
  const text = payload.text.trim();
  const press = text === '' ? HELP : wordPress(text, words);
  return {
    kind: 'command',
    pressed: {
      who: sender(payload.team_id, payload.team_id, payload.user_id, payload.user_name),
      press: press ?? HELP,
      requestId: `slack:command:${payload.trigger_id}`,
      ...inRoom(payload.team_id, payload.channel_id),
    },
    unknown: press ? null : text,
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
