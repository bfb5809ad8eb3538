import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { listen } from './listen.ts';

/** A webhook as it arrived. */
export interface Got {
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is sent is looked at by each test
  json: any;
  /** performance.now() */
  at: number;
}

type Answering = (got: Got, response: ServerResponse) => void;

/** A program that takes webhooks, at several paths of one server of this machine. */
export interface Receiver {
  /** Without a slash at its end. */
  url: string;
  /** What came, in its order. */
  got: Got[];
  /** What came to a path. */
  at(path: string): Got[];
  /** How it answers from now on; by default with 204. */
  answers(how: number | Answering): void;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const all: (Got & { path: string })[] = [];
  let answering: Answering = ok;
  const server = await listen((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const json = body.startsWith('{') ? JSON.parse(body) : null;
      const got = {
        id: String(request.headers['webhook-id']),
        headers: request.headers,
        body,
        json,
        at: performance.now(),
      };
      all.push({ ...got, path: request.url ?? '' });
      answering(got, response);
    });
  });
  return {
    url: server.url,
    got: all,
    at: (path) => all.filter((one) => one.path === path),
    answers: (how) => {
      answering = typeof how === 'number' ? (_got, response) => response.writeHead(how).end() : how;
    },
    stop: server.stop,
  };
}

const ok: Answering = (_got, response) => response.writeHead(204).end();
