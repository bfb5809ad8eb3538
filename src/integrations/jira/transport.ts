import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Client, SendRequestOptions } from 'jira.js/core';
import { isApiError, isNetworkError, isRateLimitError } from 'jira.js/core';
import type { Clock } from '../../core/kernel/clock.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';

/** A job's lease is 15 seconds: one slow call must not outlive it. */
const TIMEOUT_MS = 8_000;
/** After a time-out or a 503 that does not say how long: 5 seconds, then twice as long each time, up to 5 minutes. */
const PAUSE_SECONDS = { first: 5, longest: 300 };

/** One call to Jira. */
export type Ask = <T>(request: SendRequestOptions<T>) => Promise<T>;

/**
 * The call may or may not have been carried out: no answer came, or one of a server in trouble.
 * Whatever is not safe to repeat must look before it repeats.
 */
class Uncertain extends RetryLater {}

/**
 * Calls with a time limit, and not at all while Jira asked for a pause.
 * @throws RetryLater after 429 and 503, Uncertain when the call may have been carried out, the SDK's error otherwise
 */
export function patient(client: Client, origin: string, clock: Clock): { ask: Ask; close(): void } {
  const { retryAfter, close } = retryAfterOf503(origin);
  let pausedUntil = 0;
  let troubles = 0;
  const pause = (seconds: number) => {
    pausedUntil = clock.now().getTime() + seconds * 1000;
    return seconds;
  };
  const growing = () => {
    troubles += 1;
    return Math.min(PAUSE_SECONDS.first * 2 ** (troubles - 1), PAUSE_SECONDS.longest);
  };
  const ask: Ask = async (request) => {
    const wait = Math.ceil((pausedUntil - clock.now().getTime()) / 1000);
    if (wait > 0) throw new RetryLater(wait, 'Jira asked for a pause');
    try {
      const answer = await withinTime(client.sendRequest(request));
      troubles = 0;
      return answer;
    } catch (error) {
      const what = `${request.method} ${request.url}`;
      if (isRateLimitError(error)) {
        const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000) || growing();
        throw new RetryLater(pause(seconds), `Jira answered 429 to ${what}`);
      }
      if (isApiError(error) && error.status === 503) {
        throw new RetryLater(pause(retryAfter() ?? growing()), `Jira answered 503 to ${what}`);
      }
      if (error instanceof OutOfTime || isNetworkError(error) || (isApiError(error) && !isRefusal(error.status))) {
        throw new Uncertain(pause(growing()), `Jira gave no good answer to ${what}: ${(error as Error).message}`);
      }
      throw error;
    }
  };
  return { ask, close };
}

/** True when the error says that nothing was done: refused, or not even asked. */
export function surelyNotDone(error: unknown): boolean {
  if (error instanceof RetryLater) return !(error instanceof Uncertain);
  return isApiError(error) && isRefusal(error.status);
}

/** What to do when Jira does not take the token; null for any other error. */
export function refusalOf(error: unknown): string | null {
  return isApiError(error) && error.status === 401
    ? 'Jira does not accept the API token any more. Make a new one at id.atlassian.com and connect the site again.'
    : null;
}

/** True when Jira says that an issue cannot make a move from where it is. */
export function isMoveRefused(error: unknown): boolean {
  return isApiError(error) && (error.status === 400 || error.status === 409);
}

/** 408 is a proxy's word that it did not wait for the answer. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}

class OutOfTime extends Error {}

/** The SDK's requests cannot be aborted: a late answer is dropped, and Uncertain says that it may come. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OutOfTime(`nothing within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The SDK reads Retry-After of a 429 and drops that of a 503, so it is read where Node publishes an answer's headers.
 * @returns the seconds that the last 503 asked for
 */
function retryAfterOf503(origin: string): { retryAfter(): number | null; close(): void } {
  let last: number | null = null;
  const listener = (message: unknown) => {
    const { request, response } = message as Published;
    if (request.origin !== origin || response.statusCode !== 503) return;
    const at = response.headers.findIndex((header, index) => index % 2 === 0 && /^retry-after$/i.test(String(header)));
    last = at < 0 ? null : Number(String(response.headers[at + 1])) || null;
  };
  subscribe(HEADERS, listener);
  return { retryAfter: () => last, close: () => void unsubscribe(HEADERS, listener) };
}

const HEADERS = 'undici:request:headers';

interface Published {
  request: { origin: string };
  response: { statusCode: number; headers: Buffer[] };
}
