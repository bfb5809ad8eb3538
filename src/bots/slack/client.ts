import type { Logger as SlackLogger } from '@slack/bolt';
import bolt from '@slack/bolt';
import { WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackConfig } from '../../config.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { MessageGone, Undeliverable } from '../channel.ts';
import { callsWithin } from './transport.ts';

/** Milliseconds that a call may take: less than a job's lease, so that the job sees the failure itself. */
export const TIMEOUT = 8_000;

/** The Web API without its own retries: the queue retries, and the person who pressed does not wait for them. */
export function webClient(config: SlackConfig, log: Logger): WebClient {
  return new WebClient(config.botToken ?? '', {
    ...(config.apiUrl ? { slackApiUrl: config.apiUrl } : {}),
    fetch: callsWithin(TIMEOUT),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: loggerFor(log),
  });
}

/** Slack's libraries write to our log, and only what somebody should look at. */
export function loggerFor(log: Logger): SlackLogger {
  const own = log.child({ channel: 'slack' });
  const text = (parts: unknown[]) => parts.map(String).join(' ');
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => own.warn(text(parts)),
    error: (...parts) => own.error(text(parts)),
    setLevel: () => undefined,
    getLevel: () => bolt.LogLevel.WARN,
    setName: () => undefined,
  };
}

/** What Slack says when a place cannot be written to, and what staff can do about it. */
const UNDELIVERABLE: Readonly<Record<string, string>> = {
  channel_not_found:
    'Slack does not know this channel, or it is private and Parley is not in it. Invite Parley there (/invite @Parley), or bind another channel.',
  not_in_channel: 'Parley is not in this Slack channel. Invite it there (/invite @Parley) and bind the channel again.',
  is_archived: 'This Slack channel is archived. Unarchive it and bind it again, or bind another channel.',
  account_inactive:
    'Parley was removed from this Slack workspace. Install the app again and set the new SLACK_BOT_TOKEN.',
  token_revoked: 'Parley was removed from this Slack workspace. Install the app again and set the new SLACK_BOT_TOKEN.',
  restricted_action:
    'Only some people may post in this Slack channel. Allow Parley to post there, or bind another channel.',
  restricted_action_read_only_channel:
    'This Slack channel is read-only. Allow Parley to post there, or bind another channel.',
  restricted_action_thread_only_channel:
    'Only thread replies are allowed in this Slack channel. Allow Parley to post there, or bind another channel.',
  user_not_found: 'Slack does not know this person any more.',
  user_not_in_channel: 'This person is not in the Slack channel.',
  cannot_dm_bot: 'Slack does not let Parley write to this account.',
};

/** Only the message is lost for us; its room is as good as before. */
const GONE: Readonly<Record<string, string>> = {
  message_not_found: 'The message was deleted in Slack.',
  edit_window_closed: 'Slack allows no more changes to this message.',
  cant_update_message: 'The message was posted by another Slack app, so Parley cannot change it.',
};

/** Settings that are wrong: nothing is wrong with the room, so the work waits until they are mended. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  invalid_auth:
    'Slack does not accept SLACK_BOT_TOKEN: copy the Bot User OAuth Token from the app’s page “OAuth & Permissions”',
  not_authed: 'Slack got no token: set SLACK_BOT_TOKEN',
  token_expired: 'SLACK_BOT_TOKEN has expired: turn token rotation off for the app, or set the new token',
  missing_scope: 'the Slack app lacks a permission: update it from manifest.json and install it again',
};

/** Answers that say that the token is no good any more. */
const REFUSED = new Set([
  'account_inactive',
  'token_revoked',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'team_access_not_granted',
]);

/** Parley was removed from the workspace, or its token taken back: no room is at fault. */
class TokenRefused extends Undeliverable {}

/** What staff can do where Slack refuses the token of a connection; null for any other error. */
export function refusalOf(error: unknown): string | null {
  const refused = error instanceof TokenRefused || (error instanceof SlackRefusal && REFUSED.has(error.code));
  return refused
    ? 'Slack refuses the token: Parley was removed from the workspace, or the token was taken back or has expired. Add Parley to the workspace again.'
    : null;
}

/** Any other refusal: the queue tries again, and keeps it for staff when that does not help. */
export class SlackRefusal extends Error {
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(`Slack answered ${code}${MISCONFIGURED[code] ? `: ${MISCONFIGURED[code]}` : ''}`, { cause });
    this.name = 'SlackRefusal';
    this.code = code;
  }
}

/**
 * A call of the Web API in our terms.
 * @throws MessageGone or Undeliverable when it can never arrive there; RetryLater when Slack said when to come back
 */
export async function called<T>(calling: Promise<T>): Promise<T> {
  try {
    return await calling;
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) throw new RetryLater(error.retryAfter, 'Slack asks for fewer calls');
    if (!(error instanceof WebAPIPlatformError)) throw error;
    const code = error.data.error;
    // A rate limit of the posting itself, without the header that names the pause: a message a second is what Slack allows.
    if (code === 'ratelimited' || code === 'rate_limited') throw new RetryLater(2, 'Slack asks for fewer messages');
    const gone = GONE[code];
    if (gone) throw new MessageGone(gone);
    const reason = UNDELIVERABLE[code];
    if (reason) throw REFUSED.has(code) ? new TokenRefused(reason) : new Undeliverable(reason);
    throw new SlackRefusal(code, error);
  }
}
