import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';

/** Fields of log records that may hold a secret; pino writes [Redacted] there. */
const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  '*.token',
  '*.botToken',
  '*.signingSecret',
  '*.clientSecret',
  '*.password',
  '*.appPassword',
  '*.apiToken',
  '*.webhookSecret',
  '*.inboundSecret',
  '*.secret',
  '*.code',
];

/**
 * What is a key by its form, wherever it stands: a mail's link (see kernel/links.ts), a token of Slack, a password in an address.
 * Each pattern begins at the beginning of a word, or a long word would be read once for each of its letters.
 */
const KEYS: readonly [RegExp, string][] = [
  [/(?<![\w-])[\w-]{40,}\.[\w-]{43}(?![\w-])/g, '[link]'],
  [/xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}/g, '[token]'],
  [/(\b\w+:\/\/[^\s:@/"]*:)[^\s@/"]+@/g, '$1[password]@'],
];

/** The log of a process. A message of an error may quote anything, so every line is looked through for keys. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, redact: REDACTED, serializers: { err: told }, hooks: { streamWrite: withoutKeys } };
  return destination ? pino(options, destination) : pino(options);
}

/** What a log says of an error. Libraries hang whole connections and requests on theirs, with the keys in them. */
function told(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  const known = typeof code === 'string' || typeof code === 'number' ? { code } : {};
  return { type: name, message, stack, ...known, ...(cause === undefined ? {} : { cause: told(cause) }) };
}

/** Most characters of a line. A longer one is somebody's text and no message of ours, and would hold up the process. */
const LONGEST = 100_000;

/** A line in which no key can be read. */
function withoutKeys(text: string): string {
  if (text.length > LONGEST) {
    const msg = `a line of ${text.length} characters was left out, which is too long to be looked through for keys`;
    return `${JSON.stringify({ level: 40, time: Date.now(), msg })}\n`;
  }
  return KEYS.reduce((left, [key, instead]) => left.replace(key, instead), text);
}
