import { randomUUID } from 'node:crypto';
import { sendEvent } from './events.ts';
import { buttonPayload, commandPayload, findButton, modalButtonPayload, submissionPayload } from './payloads.ts';
import type { Delivered, Recorded } from './requests.ts';
import { recordOf } from './requests.ts';
import { close, showCommand, showSubmitted } from './shown.ts';
import type { Stage } from './stage.ts';
import { note, observed } from './stage.ts';
import type { Change, Human, Modal } from './state.ts';
import { messageAt, nextTs } from './state.ts';
import type { Values } from './typed.ts';
import { missingIn } from './typed.ts';

/** What somebody did came to: the app's answer, and what it changed so far. What follows later shows in the workspace. */
export interface Acted extends Delivered {
  changes: Change[];
}

/** What people can do. Each sends what Slack would send, signed, and shows the answer as Slack's client would. */
export interface Acts {
  /** @param button its action id, its value or its label; also one of an earlier state of the message */
  pressButton(channel: string, ts: string, button: string, user: string, typed?: Values): Promise<Acted>;
  pressInModal(viewId: string, button: string, user: string, typed?: Values): Promise<Acted>;
  /** @param values by block id or by the part of it after the colon */
  submitModal(viewId: string, values: Values, user: string): Promise<Acted>;
  closeModal(viewId: string): void;
  slashCommand(text: string, user: string, channel: string): Promise<Acted>;
  say(channel: string, text: string, user: string, threadTs?: string): Promise<Acted>;
  /** Delivers a request once more: the same body, signed anew. */
  resend(recorded: Recorded, retry?: { num: number; reason: string }): Promise<Acted>;
}

/** How long an answer may be sent to a response_url, and how often. */
const RESPONSE = { milliseconds: 30 * 60_000, times: 5 };

export function actsOn(stage: Stage): Acts {
  const { workspace } = stage;
  const human = (user: string): Human => workspace.people[user] ?? { id: user, name: user, team: workspace.team.id };
  return {
    pressButton: async (channel, ts, name, user, typed = {}) => {
      const message = messageAt(workspace, channel, ts, user);
      if (!message) throw new Error(`${user} sees no message ${ts} in ${channel}`);
      const button = [message.blocks, ...('earlier' in message ? message.earlier.toReversed() : [])].flatMap(
        (blocks) => findButton(blocks, name) ?? [],
      )[0];
      if (!button) throw new Error(`there is no button ${name} in this message`);
      const answers = {
        trigger: newTrigger(stage, user),
        responseUrl: newResponseUrl(stage, channel, user, ts, message.threadTs),
        channel,
      };
      return act(
        stage,
        recordOf('button', buttonPayload(workspace, human(user), message, button, typed, answers, Date.now())),
      );
    },
    pressInModal: async (viewId, name, user, typed = {}) => {
      const modal = modalOf(stage, viewId);
      const button = findButton(modal.view.blocks, name);
      if (!button) throw new Error(`there is no button ${name} in this modal`);
      return act(
        stage,
        recordOf(
          'button',
          modalButtonPayload(workspace, human(user), modal, button, typed, newTrigger(stage, user), Date.now()),
        ),
      );
    },
    submitModal: async (viewId, values, user) => {
      const modal = modalOf(stage, viewId);
      const missing = missingIn(modal.view.blocks, values);
      if (missing.length) throw new Error(`Slack does not send this form yet: please fill ${missing.join(', ')}`);
      return act(
        stage,
        recordOf('submission', submissionPayload(workspace, human(user), modal, values, newTrigger(stage, user))),
        (answer) => showSubmitted(stage, modal, answer),
      );
    },
    closeModal: (viewId) => close(stage, [modalOf(stage, viewId)]),
    slashCommand: async (text, user, channel) => {
      const answers = {
        trigger: newTrigger(stage, user),
        responseUrl: newResponseUrl(stage, channel, user, null, null),
        channel,
      };
      return act(stage, recordOf('command', commandPayload(workspace, human(user), text, answers)), (answer) =>
        showCommand(stage, channel, user, answer),
      );
    },
    say: async (channel, text, user, threadTs) => {
      const room = workspace.channels[channel];
      if (!room) throw new Error(`there is no channel ${channel}`);
      const ts = nextTs(workspace, Date.now());
      room.messages.push({
        ts,
        user,
        botId: null,
        text,
        blocks: [],
        threadTs: threadTs ?? null,
        metadata: null,
        edited: false,
        earlier: [],
      });
      note(stage, [{ kind: 'message', channel, ts }]);
      const { team } = human(user);
      const event = {
        type: 'message',
        channel,
        user,
        text,
        ts,
        team,
        client_msg_id: randomUUID(),
        channel_type: room.private ? 'group' : 'channel',
        event_ts: ts,
        ...(threadTs ? { thread_ts: threadTs } : {}),
        ...(team === workspace.team.id ? {} : { user_team: team, source_team: team }),
      };
      const { result, changes } = await observed(stage, () => sendEvent(stage, event));
      return { ...result, changes };
    },
    resend: (recorded, retry) => act(stage, recorded, undefined, retry ?? { num: 1, reason: 'http_timeout' }),
  };
}

async function act(
  stage: Stage,
  recorded: Recorded,
  show?: (answer: Delivered) => void,
  retry?: { num: number; reason: string },
): Promise<Acted> {
  const { result, changes } = await observed(stage, async () => {
    const answer = await stage.send(recorded, retry);
    show?.(answer);
    return answer;
  });
  return { ...result, changes };
}

function modalOf({ workspace }: Stage, viewId: string): Modal {
  const modal = workspace.modals.find(({ id }) => id === viewId);
  if (!modal) throw new Error(`no modal ${viewId} is open`);
  return modal;
}

function newTrigger({ workspace }: Stage, user: string): string {
  const now = Date.now();
  const id = `${nextTs(workspace, now)}.${randomUUID().slice(0, 8)}`;
  workspace.triggers[id] = { user, at: now };
  return id;
}

function newResponseUrl(
  { workspace, url }: Stage,
  channel: string,
  user: string,
  original: string | null,
  thread: string | null,
): string {
  const id = randomUUID();
  workspace.responseUrls[id] = {
    channel,
    user,
    original,
    thread,
    left: RESPONSE.times,
    until: Date.now() + RESPONSE.milliseconds,
  };
  return `${url}/response/${id}`;
}
