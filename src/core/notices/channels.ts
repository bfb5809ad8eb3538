import type { ChannelName } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { channelsOf } from '../people/index.ts';

/** The channels by which whoever asks can be told directly: those in which they are known, and of which this hub can write to one person. */
export async function channelsToChoose(context: Context): Promise<ChannelName[]> {
  const { has, direct } = context.platforms;
  return (await channelsOf(context)).filter((name) => has(name) && (direct?.(name) ?? true));
}
