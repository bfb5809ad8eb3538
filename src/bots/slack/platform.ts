import { pino } from 'pino';
import type { SlackConfig } from '../../config.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import type { Platform } from '../../core/kernel/platform.ts';
import { Undeliverable } from '../channel.ts';
import { called, SlackRefusal, webClient } from './client.ts';

/** What Slack says of a workspace and of its channels. One bot token is for one workspace. */
export function slackPlatform(config: SlackConfig): Platform {
  const web = webClient(config, pino({ level: 'silent' }));
  return {
    checkAccount: async (account) => {
      const { team_id: id, team } = await asked(web.auth.test());
      if (id !== account)
        throw new DomainError(
          'conflict',
          `SLACK_BOT_TOKEN is for the workspace ${id} (${team}), not for ${account}. Connect ${id}, or set the token of ${account}.`,
        );
      return { name: team ?? null };
    },
    checkRoom: async (_account, address) => {
      const { channel } = await asked(web.conversations.info({ channel: address }));
      if (channel?.is_archived)
        throw new DomainError('conflict', 'This Slack channel is archived. Unarchive it, or bind another channel.');
      if (!channel?.is_member)
        throw new DomainError(
          'conflict',
          'Parley is not in this Slack channel. Invite it there (/invite @Parley) first.',
        );
    },
  };
}

async function asked<T>(calling: Promise<T>): Promise<T> {
  try {
    return await called(calling);
  } catch (error) {
    if (error instanceof Undeliverable || error instanceof SlackRefusal)
      throw new DomainError('conflict', error.message);
    const when = error instanceof RetryLater ? ` in ${error.seconds} seconds` : '';
    throw new DomainError('unavailable', `Slack could not be asked. Nothing was changed; please try again${when}.`);
  }
}
