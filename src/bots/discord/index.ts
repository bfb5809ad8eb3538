import type { APIApplication, REST } from 'discord.js';
import { DiscordAPIError, Routes } from 'discord.js';
import type { Logger } from 'pino';
import type { DiscordConfig } from '../../config.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import type { Words } from '../../core/kernel/words.ts';
import type { Channel, ChannelTools } from '../channel.ts';
import { called, restClient } from './client.ts';
import { commandsToRegister } from './commands.ts';
import { connectGateway } from './gateway.ts';
import { inGuild } from './guild.ts';
import { mountInstall } from './install.ts';
import { unworked } from './kept.ts';
import { findCard, removeMessage, sendCard, updateCard } from './post.ts';
import { DiscordReceiver } from './receiver.ts';
import { workMessage } from './work.ts';

export const INTERACTIONS_PATH = '/discord/interactions';

/**
 * Opens the Discord channel.
 * @param patience milliseconds after which an answer is said to come later
 * @throws Error with the cure when Discord does not accept the settings
 */
export async function openDiscord(config: DiscordConfig, tools: ChannelTools, patience?: number): Promise<Channel> {
  const { inbound, app, absent } = tools;
  const rest = restClient(config);
  const receiver = new DiscordReceiver({ ...config, rest, tools, ...(patience === undefined ? {} : { patience }) });
  await assertOurs(rest, config, app.log);
  return {
    name: 'discord',
    can: { edit: true },
    mount: (express) => {
      const { clientSecret } = config;
      if (clientSecret) mountInstall(express, { ...config, clientSecret }, tools);
      express.post(INTERACTIONS_PATH, routeNamed('discord.interactions'), (request, response) =>
        receiver.handle(request, response),
      );
    },
    listen: async () => {
      register(rest, config, app.registry.words, app.log);
      return connectGateway(config, { rest, inbound, receiver, log: app.log });
    },
    send: (room, card, posting) => inGuild(rest, room, absent, () => sendCard(rest, room, card, posting)),
    update: (room, ref, card, posting) => inGuild(rest, room, absent, () => updateCard(rest, room, ref, card, posting)),
    find: (room, posting, since) => inGuild(rest, room, absent, () => findCard(rest, room, posting, since)),
    remove: (room, ref) => inGuild(rest, room, absent, () => removeMessage(rest, room, ref)),
    work: async (item) => unworked(item) ?? workMessage(rest, inbound, item),
  };
}

/** The settings must be of one application. While Discord cannot be reached the rest of Parley must work. */
async function assertOurs(rest: REST, config: DiscordConfig, log: Logger): Promise<void> {
  let application: APIApplication;
  try {
    application = (await rest.get(Routes.currentApplication())) as APIApplication;
  } catch (error) {
    if (error instanceof DiscordAPIError) return called(Promise.reject(error));
    log.warn({ err: error }, 'Discord cannot be reached just now; Parley goes on without having asked it for the app');
    return;
  }
  if (application.id !== config.applicationId)
    throw new Error(`DISCORD_BOT_TOKEN is of the application ${application.id}, not of DISCORD_APPLICATION_ID`);
  if (application.verify_key !== config.publicKey.toLowerCase())
    throw new Error('DISCORD_PUBLIC_KEY is not of this application: copy it from its page “General Information”');
}

/** Tells Discord of /parley. It is the same each time, so that repeating it changes nothing. */
function register(rest: REST, { applicationId }: DiscordConfig, words: Words, log: Logger): void {
  rest
    .put(Routes.applicationCommands(applicationId), { body: commandsToRegister(words) })
    .catch((error: unknown) =>
      log.warn({ err: error }, 'Discord could not be told of /parley; the next start tries again'),
    );
}
