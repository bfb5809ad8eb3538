import type { REST } from 'discord.js';
import { Routes } from 'discord.js';
import type { ChannelTools, Room } from '../channel.ts';
import { MessageGone, Undeliverable } from '../channel.ts';
import { CODES, codeOf } from './client.ts';

/** What is noted of a server from which Parley was removed. */
export const REMOVED = 'Parley was removed from this Discord server. Add it to the server again.';

/**
 * Calls Discord about a channel of a server. One that cannot be written to may be the channel's own fault, or the server's, which
 * removed Parley: then Discord is asked for the server, so that its removal is noticed where the gateway did not tell of it.
 */
export async function inGuild<T>(
  rest: REST,
  { account }: Pick<Room, 'account'>,
  absent: ChannelTools['absent'],
  calling: () => Promise<T>,
): Promise<T> {
  try {
    return await calling();
  } catch (error) {
    const isOut = error instanceof Undeliverable && !(error instanceof MessageGone);
    if (!isOut || !absent || !(await isRemoved(rest, account))) throw error;
    await absent(account, REMOVED);
    throw new Undeliverable(REMOVED);
  }
}

/** Where Discord cannot be asked just now, nobody knows, and the next call finds out. */
async function isRemoved(rest: REST, guild: string): Promise<boolean> {
  try {
    await rest.get(Routes.guild(guild));
    return false;
  } catch (error) {
    const code = codeOf(error);
    return code === CODES.unknownGuild || code === CODES.missingAccess;
  }
}
