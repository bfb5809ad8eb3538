import type { APIChannel, APIGuild } from 'discord.js';
import { ChannelType, Routes } from 'discord.js';
import type { DiscordConfig } from '../../config.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import type { Platform } from '../../core/kernel/platform.ts';
import { Undeliverable } from '../channel.ts';
import { called, DiscordRefusal, restClient } from './client.ts';

/** Channels in which messages have threads. */
const TEXT: ReadonlySet<ChannelType> = new Set([ChannelType.GuildText, ChannelType.GuildAnnouncement]);

/** What Discord says of a server and of its channels. */
export function discordPlatform(config: DiscordConfig): Platform {
  const rest = restClient(config);
  return {
    checkAccount: async (account) => ({ name: (await asked<APIGuild>(rest.get(Routes.guild(idOf(account))))).name }),
    checkRoom: async (account, address) => {
      const channel = await asked<APIChannel>(rest.get(Routes.channel(idOf(address))));
      if (!('guild_id' in channel) || channel.guild_id !== account)
        throw new DomainError('conflict', `The Discord channel ${address} is not in the server ${account}.`);
      if (!TEXT.has(channel.type))
        throw new DomainError('conflict', 'This Discord channel has no threads of messages. Bind a text channel.');
    },
  };
}

/** @throws DomainError when it cannot be an id of Discord, before anything is asked with it */
function idOf(text: string): string {
  if (/^\d{15,20}$/.test(text)) return text;
  throw new DomainError(
    'conflict',
    `${text} is not the id of something in Discord: that is a number. Turn on Developer Mode in Discord’s settings, then right-click and choose “Copy ID”.`,
  );
}

async function asked<T>(calling: Promise<unknown>): Promise<T> {
  try {
    return await called<T>(calling);
  } catch (error) {
    if (error instanceof Undeliverable || error instanceof DiscordRefusal)
      throw new DomainError('conflict', error.message);
    const when = error instanceof RetryLater ? ` in ${error.seconds} seconds` : '';
    throw new DomainError('unavailable', `Discord could not be asked. Nothing was changed; please try again${when}.`);
  }
}
