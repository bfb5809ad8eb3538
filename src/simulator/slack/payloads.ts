import { randomBytes } from 'node:crypto';
import { shown } from './messages.ts';
import type { BlockJson, Ephemeral, Human, Message, Modal, Workspace } from './state.ts';
import { nextTs } from './state.ts';
import type { Values } from './typed.ts';
import { valuesOf } from './typed.ts';
import { viewOf } from './views.ts';

/** The verification token: Slack still sends it, nobody should use it. */
const TOKEN = 'a-deprecated-verification-token';

/** A button that was pressed, in a message. */
export function buttonPayload(
  workspace: Workspace,
  person: Human,
  message: Message | Ephemeral,
  button: Pressed,
  typed: Values,
  answers: { trigger: string; responseUrl: string; channel: string },
  now: number,
): object {
  const ephemeral = !('metadata' in message);
  const channel = workspace.channels[answers.channel];
  return {
    ...envelope(workspace, person),
    type: 'block_actions',
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: answers.channel,
      is_ephemeral: ephemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    trigger_id: answers.trigger,
    channel: { id: answers.channel, name: channel?.name ?? 'directmessage' },
    // Of an ephemeral message Slack sends no content back.
    ...(ephemeral ? {} : { message: shown(workspace, message, true) }),
    state: { values: valuesOf(message.blocks, typed) },
    response_url: answers.responseUrl,
    actions: [actionOf(workspace, button, now)],
  };
}

/** A button that was pressed, in a modal. */
export function modalButtonPayload(
  workspace: Workspace,
  person: Human,
  modal: Modal,
  button: Pressed,
  typed: Values,
  trigger: string,
  now: number,
): object {
  return {
    ...envelope(workspace, person),
    type: 'block_actions',
    container: { type: 'view', view_id: modal.id },
    trigger_id: trigger,
    view: { ...viewOf(workspace, modal), state: { values: valuesOf(modal.view.blocks, typed) } },
    actions: [actionOf(workspace, button, now)],
  };
}

/** A modal that was sent. */
export function submissionPayload(
  workspace: Workspace,
  person: Human,
  modal: Modal,
  typed: Values,
  trigger: string,
): object {
  return {
    ...envelope(workspace, person),
    type: 'view_submission',
    trigger_id: trigger,
    view: { ...viewOf(workspace, modal), state: { values: valuesOf(modal.view.blocks, typed) } },
    response_urls: [],
  };
}

export function commandPayload(
  workspace: Workspace,
  person: Human,
  text: string,
  answers: { trigger: string; responseUrl: string; channel: string },
): Record<string, string> {
  const { team, bot, channels } = workspace;
  return {
    token: TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: answers.channel,
    channel_name: channels[answers.channel]?.name ?? 'directmessage',
    user_id: person.id,
    user_name: userName(person),
    command: '/parley',
    text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: answers.responseUrl,
    trigger_id: answers.trigger,
  };
}

/** The wrapper of an event. Each delivery of a new event has an id of its own. */
export function eventPayload({ team, bot }: Workspace, event: object, now: number): object {
  return {
    token: TOKEN,
    team_id: team.id,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomBytes(6).toString('hex').toUpperCase()}`,
    event_time: Math.floor(now / 1_000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: '4-eyJldCI6Im1lc3NhZ2UifQ',
  };
}

export interface Pressed {
  blockId: string;
  element: Record<string, unknown>;
}

type Option = { text: { text: string }; value: string };

/** Every button that the blocks show. An entry of a menu is pressed as the menu with what was chosen. */
function buttonsIn(blocks: BlockJson[]): Pressed[] {
  return blocks.flatMap((block) => {
    const elements =
      block.type === 'actions'
        ? (block.elements as Record<string, unknown>[])
        : block.type === 'section' && block.accessory
          ? [block.accessory as Record<string, unknown>]
          : [];
    return elements.flatMap((element) => {
      const options = element.type === 'overflow' ? (element.options as Option[]) : [];
      const chosen = options.map((option) => ({ ...element, text: option.text, selected_option: option }));
      return (chosen.length ? chosen : [element]).map((one) => ({ blockId: block.block_id, element: one }));
    });
  });
}

/** The button with this action id, value or label. */
export function findButton(blocks: BlockJson[], name: string): Pressed | undefined {
  return buttonsIn(blocks).find(
    ({ element }) =>
      element.action_id === name ||
      element.value === name ||
      (element.selected_option as Option | undefined)?.value === name ||
      (element.text as { text: string }).text === name,
  );
}

function actionOf(workspace: Workspace, { blockId, element }: Pressed, now: number): object {
  const { action_id, value, text, style, url, type, selected_option: chosen } = element;
  return {
    action_id,
    block_id: blockId,
    ...(chosen ? { selected_option: chosen } : { text }),
    ...(value === undefined ? {} : { value }),
    ...(style ? { style } : {}),
    ...(url ? { url } : {}),
    type,
    action_ts: nextTs(workspace, now),
  };
}

function envelope({ team, bot }: Workspace, person: Human): object {
  const user = { id: person.id, username: userName(person), name: userName(person), team_id: person.team };
  return {
    user,
    api_app_id: bot.appId,
    token: TOKEN,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function userName({ name }: Human): string {
  return name.toLowerCase().replaceAll(' ', '.');
}
