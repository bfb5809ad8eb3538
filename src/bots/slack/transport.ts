import type { FetchFunction } from '@slack/web-api';
import type { FormData } from 'undici';
import { request } from 'undici';

/**
 * What Slack's SDK calls with: undici's own request in place of fetch, whose streams and signals cost a third of a call.
 * @param milliseconds that a call may take with all of its answer
 */
export function callsWithin(milliseconds: number): FetchFunction {
  return async (url, { method = 'GET', headers = {}, body } = {}) => {
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new Error(`there was no answer within ${milliseconds / 1_000} s`)),
      milliseconds,
    );
    try {
      const answer = await request(url, {
        method: method as 'GET' | 'POST',
        headers,
        body: (body ?? null) as string | FormData | null,
        signal: deadline.signal,
      });
      const bytes = await answer.body.arrayBuffer();
      return responseOf(String(url), answer.statusCode, answer.headers, bytes);
    } finally {
      clearTimeout(timer);
    }
  };
}

type Given = Record<string, string | string[] | undefined>;

/** An answer with all that the SDK asks of one. */
function responseOf(url: string, status: number, given: Given, bytes: ArrayBuffer): Awaited<ReturnType<FetchFunction>> {
  const text = () => Buffer.from(bytes).toString('utf8');
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    url,
    headers: {
      get: (name) => given[name.toLowerCase()]?.toString() ?? null,
      entries: () => Object.entries(given).map(([name, value = '']) => [name, value.toString()]),
    },
    arrayBuffer: async () => bytes,
    json: async () => JSON.parse(text()),
    text: async () => text(),
  };
}
