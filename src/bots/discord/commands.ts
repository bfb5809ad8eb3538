import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';

/** What `/parley` understands: the view that each word opens, and what Discord says beside it. */
export const WORDS: ReadonlyMap<string, { target: string; says: string }> = new Map([
  ['help', { target: 'home.help', says: 'What you can do here' }],
  ['work', { target: 'home.work', says: 'What waits for you' }],
  ['bug', { target: 'ticket.new-bug', says: 'Report a bug' }],
  ['change', { target: 'ticket.new-change', says: 'Ask for a change' }],
  ['link', { target: 'identity.link', says: 'Link this account to you' }],
  ['portal', { target: 'session.portal', says: 'All of it in your browser' }],
  ['setup', { target: 'home.setup', says: 'Set up the firm' }],
  ['bind', { target: 'project.bind-here', says: 'Bind this channel to a client or the team' }],
]);

/** Words that may be followed by the title of what they open. */
export const TITLED: ReadonlySet<string> = new Set(['bug', 'change']);

const SUBCOMMAND = 1;
const TEXT = 3;
/** In servers alone: a chat with the bot belongs to no firm. */
const IN_SERVERS = 0;
const BY_SERVER = 0;

/** The command as Discord is told of it. */
export function commandsToRegister(): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const options = [...WORDS].map(([name, { says }]) => ({
    type: SUBCOMMAND as number,
    name,
    description: says,
    ...(TITLED.has(name)
      ? {
          options: [
            { type: TEXT as number, name: 'title', description: 'Its title', required: false, max_length: 200 },
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
