import type { Agent, Response } from 'undici';
import { fetch } from 'undici';
import type { ZodType } from 'zod';
import type { Clock } from '../../core/kernel/clock.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';

/** A job's lease is 15 seconds: one slow call must not outlive it. */
const TIMEOUT_MS = 8_000;
/** After a time-out or a 503 that does not say how long: 5 seconds, then twice as long each time, up to 5 minutes. */
const PAUSE_SECONDS = { first: 5, longest: 300 };
/** Of what Jira says of a refusal, so much is kept for staff. */
const SAID = 500;

/** One call to Jira. */
export interface Call<T> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** What the answer must look like; without it nothing of the answer is used. */
  schema?: ZodType<T>;
}
export type Ask = <T>(call: Call<T>) => Promise<T>;

/** Where calls go, as whom, and over which connections. */
export interface Site {
  base: string;
  /** @param refused what the site did not take a moment ago: where it can be had, another one is given then */
  authorization(refused?: string): Promise<string>;
  agent: Agent;
  /** What is to be done when it is refused for good. */
  cure: string;
}

/** Jira answered, and did not do it. */
export class JiraRefusal extends Error {
  readonly status: number;
  readonly cure: string;

  constructor(status: number, what: string, said: string, cure: string) {
    super(`Jira answered ${status} to ${what}${said ? `: ${said.slice(0, SAID)}` : ''}`);
    this.name = 'JiraRefusal';
    this.status = status;
    this.cure = cure;
  }
}

/**
 * The call may or may not have been carried out: no answer came, or one of a server in trouble.
 * Whatever is not safe to repeat must look before it repeats.
 */
class Uncertain extends RetryLater {}

/**
 * Calls with a time limit, and not at all while Jira asked for a pause.
 * @throws RetryLater after 429 and 503, Uncertain when the call may have been carried out, JiraRefusal otherwise
 */
export function patient(site: Site, clock: Clock): Ask {
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
  return async (call) => {
    const wait = Math.ceil((pausedUntil - clock.now().getTime()) / 1000);
    if (wait > 0) throw new RetryLater(wait, 'Jira asked for a pause');
    const what = `${call.method} ${call.path}`;
    const { response, text } = await sendAuthorized(site, call, (error) => {
      throw new Uncertain(pause(growing()), `Jira gave no good answer to ${what}: ${reasonOf(error)}`);
    });
    const { status } = response;
    if (status === 429 || status === 503)
      throw new RetryLater(pause(retryAfter(response) ?? growing()), `Jira answered ${status} to ${what}`);
    if (!response.ok && !isRefusal(status))
      throw new Uncertain(pause(growing()), `Jira gave no good answer to ${what}: ${status}`);
    troubles = 0;
    if (!response.ok) throw new JiraRefusal(status, what, text, site.cure);
    return call.schema ? call.schema.parse(JSON.parse(text)) : (undefined as never);
  };
}

interface Answer {
  response: Response;
  text: string;
}

/** Sends a call, and once more where the site takes another authorization: what is answered with 401 was not carried out. */
async function sendAuthorized(site: Site, call: Call<unknown>, unanswered: (error: unknown) => never): Promise<Answer> {
  const authorization = await site.authorization();
  const answer = await send(site, authorization, call).catch(unanswered);
  const other = answer.response.status === 401 ? await site.authorization(authorization) : authorization;
  return other === authorization ? answer : send(site, other, call).catch(unanswered);
}

async function send(
  { base, agent }: Site,
  authorization: string,
  { method, path, query, body }: Call<unknown>,
): Promise<Answer> {
  const url = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...json,
    dispatcher: agent,
    // The API leads nowhere else: who does is not Jira, and gets no token.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { response, text: await response.text() };
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

function retryAfter({ headers }: Response): number | null {
  return Number(headers.get('retry-after')) || null;
}

/** True when the error says that nothing was done: refused, or not even asked. */
export function surelyNotDone(error: unknown): boolean {
  if (error instanceof RetryLater) return !(error instanceof Uncertain);
  return error instanceof JiraRefusal;
}

/** What to do when Jira does not let us in; null for any other error. */
export function refusalOf(error: unknown): string | null {
  return error instanceof JiraRefusal && error.status === 401 ? error.cure : null;
}

/** True when Jira says that an issue cannot make a move from where it is. */
export function isMoveRefused(error: unknown): boolean {
  return error instanceof JiraRefusal && (error.status === 400 || error.status === 409);
}

/** 408 is a proxy's word that it did not wait for the answer. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}
