import type { SlackConfig } from '../../config.ts';
import type { LoadedKind } from '../channel.ts';
import { refusalOf } from './client.ts';
import { openSlack } from './index.ts';
import { removalIn } from './kept.ts';
import { slackPlatform } from './platform.ts';

export const kind: LoadedKind<SlackConfig> = {
  open: openSlack,
  platform: slackPlatform,
  refusal: refusalOf,
  removal: removalIn,
};
