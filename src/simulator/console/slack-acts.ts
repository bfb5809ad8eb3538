import { z } from 'zod';
import type { Acted } from '../slack/index.ts';
import { messageAt } from '../slack/state.ts';
import type { Presses } from './presses.ts';
import type { Controls } from './server.ts';
import { STALE_PRESS } from './stories/story.ts';
import type { World } from './world.ts';

const id = z.string().min(1).max(200);
const values = z.record(z.string(), z.string());
const PressIn = z.object({ user: id, channel: id, ts: id, button: id, label: z.string(), values });
const PressInModal = z.object({ user: id, viewId: id, button: id, values });
const Submit = z.object({ user: id, viewId: id, values });
const Say = z.object({ user: id, channel: id, text: z.string().min(1), threadTs: id.optional() });
const Command = z.object({ user: id, channel: id, text: z.string().startsWith('/') });

/** What people do in Slack: the stand-in sends what Slack would send, signed, to the hub's real door. */
export function slackActs({ slack, see }: World, presses: Presses): Controls['acts'] {
  const press = (input: z.infer<typeof PressIn>) =>
    slack.pressButton(input.channel, input.ts, input.button, input.user, input.values).then(taken);
  return {
    'slack-press': async (given) => {
      const input = PressIn.parse(given);
      // Before the press: it may change the title.
      const thing = titleOf(messageAt(slack.workspace, input.channel, input.ts, input.user));
      const acted = await press(input);
      presses.add({
        label: input.label,
        thing,
        by: slack.workspace.people[input.user]?.name ?? input.user,
        where: 'Slack',
        again: () => {
          const message = messageAt(slack.workspace, input.channel, input.ts, input.user);
          if (!JSON.stringify(message?.blocks ?? []).includes(JSON.stringify(input.button))) see(STALE_PRESS);
          return press(input);
        },
        twice: () => slack.resend(acted.recorded),
      });
    },
    'slack-modal-press': async (given) => {
      const input = PressInModal.parse(given);
      await slack.pressInModal(input.viewId, input.button, input.user, input.values).then(taken);
    },
    'slack-submit': async (given) => {
      const input = Submit.parse(given);
      await slack.submitModal(input.viewId, input.values, input.user);
    },
    'slack-close': async (given) => slack.closeModal(z.object({ viewId: id }).parse(given).viewId),
    'slack-say': async (given) => {
      const { channel, text, user, threadTs } = Say.parse(given);
      await slack.say(channel, text, user, threadTs);
    },
    'slack-command': async (given) => {
      const { text, user, channel } = Command.parse(given);
      const [command, ...words] = text.split(' ');
      if (command !== '/parley') throw new Error(`${command} is not a command here. There is one: /parley`);
      await slack.slashCommand(words.join(' ').trim(), user, channel);
    },
    'slack-dismiss': async (given) => {
      const { user, ts } = z.object({ user: id, ts: id }).parse(given);
      slack.workspace.ephemerals = slack.workspace.ephemerals.filter((one) => one.user !== user || one.ts !== ts);
      slack.changes.emit('change', { kind: 'workspace' });
    },
  };
}

/** What Slack's client says when the app did not take a press. */
function taken(acted: Acted): Acted {
  if (acted.status !== 200)
    throw new Error(`Slack got no proper answer from the app (${acted.status || 'time-out'}). Try again.`);
  return acted;
}

/** What a message is about: its heading, or all that it says. */
function titleOf(message: ReturnType<typeof messageAt>): string {
  const heading = message?.blocks.find(({ type }) => type === 'header') as { text?: { text?: string } } | undefined;
  return heading?.text?.text ?? message?.text ?? '';
}
