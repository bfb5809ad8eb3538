import { DiscordAPIError, RateLimitError, REST } from 'discord.js';
import type { DiscordConfig } from '../../config.ts';
import { MessageGone, RateLimited, Undeliverable } from '../channel.ts';

/** Milliseconds that a call may take: less than a job's lease, so that the job sees the failure itself. */
const TIMEOUT = 8_000;

/** Discord's API without the library's own waits and retries: the queue retries, and the person who pressed does not wait for them. */
export function restClient({ botToken, apiUrl }: DiscordConfig): REST {
  const rest = new REST({
    version: '10',
    ...(apiUrl ? { api: apiUrl } : {}),
    timeout: TIMEOUT,
    retries: 0,
    // What Discord says, and not a little more.
    offset: 0,
    rejectOnRateLimit: () => true,
  });
  return rest.setToken(botToken);
}

/** Codes of Discord that are looked at one by one (docs.discord.com: topics/opcodes-and-status-codes). */
export const CODES = {
  unknownChannel: 10_003,
  unknownGuild: 10_004,
  unknownMessage: 10_008,
  unknownInteraction: 10_062,
  acknowledged: 40_060,
  missingAccess: 50_001,
  threadArchived: 50_083,
  threadThere: 160_004,
} as const;

/** What Discord says when a place cannot be written to, and what staff can do about it. */
const UNDELIVERABLE: Readonly<Record<number, string>> = {
  [CODES.unknownChannel]: 'Discord does not know this channel any more. Bind another channel.',
  [CODES.unknownGuild]: 'Parley is not in this Discord server. Add it there.',
  [CODES.missingAccess]:
    'Parley cannot see this Discord channel. Add it there (Edit Channel → Permissions), or bind another channel.',
  50013:
    'Parley may not write in this Discord channel. Allow it “View Channel”, “Send Messages”, “Create Public Threads” and “Send Messages in Threads”.',
  50008: 'This Discord channel takes no messages. Bind a text channel.',
  50024: 'This Discord channel takes no messages. Bind a text channel.',
  [CODES.threadArchived]: 'This Discord thread is closed and locked.',
};

/** Only the message is lost for us; its room is as good as before. */
const GONE: Readonly<Record<number, string>> = {
  [CODES.unknownMessage]: 'The message was deleted in Discord.',
  50005: 'The message was posted by somebody else, so Parley cannot change it.',
};

/** Any other refusal: the queue tries again, and keeps it for staff when that does not help. */
export class DiscordRefusal extends Error {
  readonly code: number;

  constructor(code: number, status: number, said: string, cause: unknown) {
    const cure = status === 401 ? 'Discord does not accept DISCORD_BOT_TOKEN: copy it from the app’s page “Bot”' : said;
    super(`Discord answered ${status} ${code}: ${cure}`, { cause });
    this.name = 'DiscordRefusal';
    this.code = code;
  }
}

/**
 * A call of Discord's API in our terms.
 * @throws MessageGone or Undeliverable when it can never arrive there; RateLimited when Discord said when to come back
 */
export async function called<T>(calling: Promise<unknown>): Promise<T> {
  try {
    return (await calling) as T;
  } catch (error) {
    if (error instanceof RateLimitError) throw limited(error);
    if (!(error instanceof DiscordAPIError)) throw error;
    const code = Number(error.code);
    const gone = GONE[code];
    if (gone) throw new MessageGone(gone);
    const reason = UNDELIVERABLE[code];
    if (reason) throw new Undeliverable(reason);
    throw new DiscordRefusal(code, error.status, error.message, error);
  }
}

/** Discord counts per channel, and all calls of a bot together. */
function limited({ global, retryAfter, timeToReset }: RateLimitError): RateLimited {
  const seconds = Math.max(1, Math.ceil(Math.max(retryAfter, timeToReset) / 1_000));
  return new RateLimited(global ? 'account' : 'room', seconds, 'Discord asks for fewer calls');
}

/** The code with which Discord refused a call; null for any other failure. */
export function codeOf(error: unknown): number | null {
  return error instanceof DiscordAPIError ? Number(error.code) : null;
}
