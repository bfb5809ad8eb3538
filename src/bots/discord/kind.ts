import type { DiscordConfig } from '../../config.ts';
import type { LoadedKind } from '../channel.ts';
import { openDiscord } from './index.ts';
import { removalIn } from './kept.ts';
import { discordPlatform } from './platform.ts';

export const kind: LoadedKind<DiscordConfig> = {
  open: openDiscord,
  platform: discordPlatform,
  removal: removalIn,
};
