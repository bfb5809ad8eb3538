import { Webhook } from 'standardwebhooks';
import type { Agent } from 'undici';
import { request } from 'undici';
import type { Egress } from '../../core/kernel/egress.ts';
import { addressFault, EgressRefused } from '../../core/kernel/egress.ts';
import { storable } from '../../core/kernel/text.ts';
import { retryAfterIn } from './retries.ts';

/** Milliseconds for all of it: resolving, connecting, sending, and reading the answer. */
const DEADLINE = 15_000;
/** Bytes of an answer that are read, and letters that are kept. */
const READ = 4_096;
const KEPT = 1_000;

/** A webhook that is to be sent. */
export interface Message {
  id: string;
  body: string;
}

/** Where it goes, and with what it is signed: one secret, or two while one is put in the other's place. */
export interface Target {
  url: string;
  secrets: readonly string[];
}

/** What came of a try. */
export interface Answered {
  /** Null where there was no answer. */
  status: number | null;
  /** The beginning of the answer's text. */
  answer: string | null;
  /** What went wrong, as a sentence for whoever keeps the endpoint; null where it was taken. */
  fault: string | null;
  /** Seconds for which it wants nothing. */
  wants: number | null;
}

/** How webhooks go out. */
export interface Way {
  egress: Egress;
  agent: Agent;
}

/** The headers of Standard Webhooks: the signature is over id, time and body, by each secret. */
export function signedHeaders({ id, body }: Message, secrets: readonly string[], at: Date): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

/**
 * Tries once. Whatever the receiver does, it ends by the deadline, and says what came of it.
 * @throws the signal's reason when it is told to stop before
 */
export async function send(
  way: Way,
  target: Target,
  message: Message,
  now: Date,
  stop: AbortSignal,
): Promise<Answered> {
  const url = new URL(target.url);
  // What the operator allowed when it was typed may not be allowed any more.
  if (addressFault(way.egress, url)) return unanswered(NOT_OUTSIDE);
  if (!target.secrets.length) return unanswered('What it is signed with cannot be opened any more. Make a new secret.');
  const deadline = AbortSignal.timeout(DEADLINE);
  try {
    const { statusCode, headers, body } = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Parley-Webhooks/1',
        ...signedHeaders(message, target.secrets, now),
      },
      body: message.body,
      dispatcher: way.agent,
      signal: AbortSignal.any([deadline, stop]),
    });
    const answer = await beginningOf(body);
    stop.throwIfAborted();
    const wants = statusCode === 429 || statusCode === 503 ? retryAfterIn(textOf(headers['retry-after']), now) : null;
    return { status: statusCode, answer, fault: faultOfStatus(statusCode), wants };
  } catch (error) {
    stop.throwIfAborted();
    return unanswered(deadline.aborted ? `It did not answer within ${DEADLINE / 1_000} seconds.` : reasonOf(error));
  }
}

/** As much of it as is kept. What comes later, or not in time, is not waited for: the status has said all that counts. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      size += part.length;
      if (size >= READ) break;
    }
  } catch {
    // Cut off by the deadline or by the receiver.
  }
  const text = storable(Buffer.concat(parts).subarray(0, READ).toString('utf8')).slice(0, KEPT).toWellFormed();
  return text.trim() || null;
}

function faultOfStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return `It answered ${status}. Redirects are not followed: give the address to which it leads.`;
  return status === 410 ? 'It answered 410: it is gone for good.' : `It answered ${status}.`;
}

const NOT_OUTSIDE = 'Its address does not lead to the internet, so nothing was sent there.';

/** Why there is no answer. Of a network that is not the internet nothing is told but that it is none. */
function reasonOf(error: unknown): string {
  const { code = '', cause } = error as { code?: string; cause?: unknown };
  if (error instanceof EgressRefused || cause instanceof EgressRefused) return NOT_OUTSIDE;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of its host is not known.';
  if (code === 'ECONNREFUSED') return 'It refused the connection.';
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return `Its certificate cannot be trusted (${code}).`;
  return `The connection broke off${code ? ` (${code})` : ''}.`;
}

function unanswered(fault: string): Answered {
  return { status: null, answer: null, fault, wants: null };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
