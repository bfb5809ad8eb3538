import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Words } from '../../core/kernel/words.ts';
import { listOf } from '../../core/kernel/words.ts';

const SUBCOMMAND = 1;
const TEXT = 3;
/** In servers alone: a chat with the bot belongs to no firm. */
const IN_SERVERS = 0;
const BY_SERVER = 0;

/** The command as Discord is told of it. */
export function commandsToRegister(words: Words): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const options = listOf(words).map(({ say, label, takes }) => ({
    type: SUBCOMMAND as number,
    name: say,
    description: label.replace(/…$/, ''),
    ...(takes
      ? {
          options: [
            { type: TEXT as number, name: takes, description: `Its ${takes}`, required: false, max_length: 200 },
          ],
        }
      : {}),
  }));
  return [
    {
      name: 'parley',
      description: 'Your work with Parley',
      type: 1,
      contexts: [IN_SERVERS],
      integration_types: [BY_SERVER],
      options,
    } as RESTPostAPIChatInputApplicationCommandsJSONBody,
  ];
}
