import { createHmac, randomUUID } from 'node:crypto';

/** A request that Slack sent to the app, kept so that it can be sent again. */
export interface Recorded {
  id: string;
  kind: 'button' | 'submission' | 'command' | 'event';
  contentType: string;
  body: string;
  answers: { status: number; body: string; retryNum: number | null }[];
}

export interface Delivered {
  status: number;
  /** The answer as JSON, or as it came. Null when there was none. */
  body: unknown;
  recorded: Recorded;
}

/** How long Slack waits for an answer. */
const PATIENCE = 3_000;

/** The signature of a body, as Slack writes it. */
export function signature(signingSecret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** A new request: interactions and commands travel as a form, events as JSON. */
export function recordOf(kind: Recorded['kind'], payload: object): Recorded {
  const form =
    kind === 'event'
      ? null
      : kind === 'command'
        ? (payload as Record<string, string>)
        : { payload: JSON.stringify(payload) };
  return {
    id: randomUUID(),
    kind,
    contentType: form ? 'application/x-www-form-urlencoded' : 'application/json',
    body: form ? new URLSearchParams(form).toString() : JSON.stringify(payload),
    answers: [],
  };
}

/** Sends a request, freshly signed, and waits as long as Slack does. Status 0 stands for no answer at all. */
export async function deliver(
  url: string,
  signingSecret: string,
  recorded: Recorded,
  retry?: { num: number; reason: string },
): Promise<Delivered> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers: Record<string, string> = {
    'content-type': recorded.contentType,
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signature(signingSecret, timestamp, recorded.body),
    ...(retry ? { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason } : {}),
  };
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body: recorded.body,
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
  }).then(
    async (response) => ({ status: response.status, body: await response.text() }),
    () => ({ status: 0, body: '' }),
  );
  recorded.answers.push({ ...answer, retryNum: retry?.num ?? null });
  return { status: answer.status, body: jsonOf(answer.body), recorded };
}

function jsonOf(body: string): unknown {
  if (!body) return null;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
