import { z } from 'zod';
import type { Recorded } from '../discord/requests.ts';
import { messageOf, textsOn, userOf } from '../discord/state.ts';
import type { Presses } from './presses.ts';
import type { Controls } from './server.ts';
import type { World } from './world.ts';

const id = z.string().min(1).max(200);
const PressIn = z.object({ user: id, message: id, button: id, label: z.string() });
const Submit = z.object({ user: id, modal: id, values: z.record(z.string(), z.string()) });
const Say = z.object({ user: id, channel: id, text: z.string().min(1), thread: id.optional() });
const Command = z.object({ user: id, channel: id, text: z.string().startsWith('/') });

/** What people do in Discord: the stand-in sends what Discord would send, signed, to the hub's real door. */
export function discordActs({ discord }: World, presses: Presses): Controls['acts'] {
  const press = (input: z.infer<typeof PressIn>) => discord.press(input.message, input.button, input.user).then(taken);
  return {
    'discord-press': async (given) => {
      const input = PressIn.parse(given);
      // Before the press: it may change the title.
      const thing = titleOf(discord.state(), input.message);
      const recorded = await press(input);
      presses.add({
        label: input.label,
        thing,
        by: userOf(discord.state(), input.user).name,
        where: 'Discord',
        again: () => press(input),
        twice: () => discord.resend(recorded),
      });
    },
    'discord-submit': async (given) => {
      const { modal, values, user } = Submit.parse(given);
      await discord.submit(modal, values, user).then(taken);
    },
    'discord-close': async (given) => discord.closeModal(z.object({ modal: id }).parse(given).modal),
    'discord-dismiss': async (given) => discord.dismiss(z.object({ message: id }).parse(given).message),
    'discord-say': async (given) => {
      const { channel, text, user, thread } = Say.parse(given);
      discord.say(channel, text, user, thread ? { thread } : {});
    },
    'discord-command': async (given) => {
      const { text, user, channel } = Command.parse(given);
      const [command, word = 'help', ...title] = text.split(/\s+/);
      if (command !== '/parley') throw new Error(`${command} is not a command here. There is one: /parley`);
      assertWord(discord.state().commands, word);
      await discord.command(word, user, channel, title.length ? title.join(' ') : undefined).then(taken);
    },
  };
}

/** Discord's client offers the words that the bot told it of, and takes no others. */
function assertWord(commands: readonly Record<string, unknown>[], word: string): void {
  const words = commands.flatMap(({ options }) => (options as { name: string }[]).map(({ name }) => name));
  if (!words.includes(word))
    throw new Error(`/parley knows: ${words.join(', ') || 'nothing yet, try again in a moment'}`);
}

/** What Discord's client says when the app did not take an interaction. */
function taken(recorded: Recorded): Recorded {
  if (recorded.status !== 200)
    throw new Error(`This interaction failed (${recorded.status || 'time-out'}). Try again.`);
  return recorded;
}

/** What a message is about: its first line. */
function titleOf(state: Parameters<typeof messageOf>[0], message: string): string {
  return (textsOn(messageOf(state, message)).split('\n')[0] ?? '').replace(/^#+ /, '');
}
