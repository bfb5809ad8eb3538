import type { TeamsConfig } from '../../config.ts';
import type { LoadedKind } from '../channel.ts';
import { openTeams } from './index.ts';
import { teamsPlatform } from './platform.ts';

export const kind: LoadedKind<TeamsConfig> = {
  open: openTeams,
  platform: teamsPlatform,
  // Only where the app is do people write to it.
  presence: (item) => item.kind === 'installed' || item.kind === 'message',
};
