import type { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { MessageGone, RateLimited, Undeliverable } from '../channel.ts';

type Options = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[4]>;
/** How the SDK wants its requests sent. */
export type HttpClient = NonNullable<Options['httpClient']>;

/** Jobs are taken over after 15 seconds: a call must have ended before. */
export const TIMEOUT_MILLISECONDS = 10_000;

/**
 * Sends once. The SDK's own client would send a message again after a time-out, and wait out a 429 while the job's lease
 * runs off.
 */
export const httpClient: HttpClient = {
  sendRequest: async (request) => {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.toJson(),
      body: (request.body as string | undefined) ?? null,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    const bodyAsText = await response.text();
    if (!response.ok) throw faultOf(response, bodyAsText);
    // Of the response's headers the SDK asks for nothing but this.
    const headers = { toJson: () => Object.fromEntries(response.headers) } as unknown as typeof request.headers;
    return { request, status: response.status, headers, bodyAsText };
  },
};

/** Seconds to wait when Teams asks for patience without saying how long (its rate windows are seconds wide). */
const PATIENCE_SECONDS = 5;

/** Bots' error codes: learn.microsoft.com, "Status codes from bot conversational APIs". */
function faultOf(response: Response, body: string): Error {
  const code = /"code"\s*:\s*"([A-Za-z]+)"/.exec(body)?.[1] ?? String(response.status);
  switch (response.status) {
    case 403:
      return new Undeliverable(
        `Parley may not write in this Teams conversation (${code}). Add the app there again, or bind another room.`,
      );
    case 404:
      if (code === 'ActivityNotFoundInConversation') return new MessageGone('The message was deleted in Teams.');
      return new Undeliverable(
        `Teams does not know this conversation or message any more (${code}). Bind another room.`,
      );
    case 429:
      return new RateLimited(
        'room',
        Number(response.headers.get('retry-after')) || PATIENCE_SECONDS,
        'Teams asks for patience',
      );
    default:
      return new Error(`Teams answered ${response.status} ${code}`);
  }
}
