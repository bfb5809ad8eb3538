import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { file, json, mail, script } from './files.ts';

/** What the console shows and does: the world of the demo, seen from the page. */
export interface Controls {
  /** What the page offers to try, as plain JSON. */
  stories: unknown;
  /** Everything the page shows now, part by part, as plain JSON. */
  parts(): Promise<Record<string, unknown>>;
  /** Calls the listener whenever a part may look different; returns how to stop. */
  onChange(listener: () => void): () => void;
  /** What the page can ask for, by name. What an act returns goes back to the page. */
  acts: Readonly<Record<string, (input: Record<string, unknown>) => Promise<unknown>>>;
  /** The HTML part of a mail, for its frame; null when there is none. */
  mail(id: string): string | null;
}

export interface Console {
  url: string;
  stop(): Promise<void>;
}

/** A form with a few long answers; nothing on the page sends more. */
const MOST_BYTES = 256 * 1024;
/** Serves the console on the loopback address: the page, its live stream, and what it can do. */
export async function startConsole(controls: Controls, port: number): Promise<Console> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    answer(controls, streams, request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { say: error instanceof Error ? error.message : String(error) });
      else response.destroy();
    });
  });
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    stop: async () => {
      for (const stream of streams) stream.end();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Takes the port, or, if another program has it, one of the next twenty. Port 0 is any free one. */
async function listen(server: Server, port: number): Promise<void> {
  for (let tried = 0; ; tried += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port + tried, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tried === 20) throw error;
    }
  }
}

async function answer(
  controls: Controls,
  streams: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://console').pathname;
  // A page of another site can make the browser ask here (DNS rebinding): it cannot choose this header.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ''))
    return json(response, 403, { say: 'Not here.' });
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  if (request.method === 'POST' && path.startsWith('/act/')) return act(controls, path.slice(5), request, response);
  if (request.method !== 'GET') return json(response, 405, { say: 'Only GET, and POST to an act.' });
  if (path === '/stories.js') return script({ STORIES: controls.stories }, response);
  if (path === '/live') return live(controls, streams, request, response);
  if (path.startsWith('/mail/')) return mail(controls.mail(decodeURIComponent(path.slice(6))), response);
  return file(path, response);
}

async function act(
  controls: Controls,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const work = Object.hasOwn(controls.acts, name) ? controls.acts[name] : undefined;
  if (!work) return json(response, 404, { say: `There is no act ${name}.` });
  // A form of another site cannot send this type without asking first, and is refused then.
  if (!request.headers['content-type']?.startsWith('application/json'))
    return json(response, 415, { say: 'Send JSON.' });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return json(response, 413, { say: 'That is too long.' });
    chunks.push(chunk);
  }
  const input = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
  try {
    json(response, 200, (await work(input)) ?? {});
  } catch (error) {
    json(response, 422, { say: error instanceof Error ? error.message : String(error) });
  }
}

/** Server-sent events: at first every part, then each part that looks different. */
function live(
  controls: Controls,
  streams: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  response.write('retry: 500\n\n');
  streams.add(response);
  const sent = new Map<string, string>();
  let running = false;
  let again = false;
  const send = async () => {
    again = true;
    if (running) return;
    running = true;
    while (again && !response.writableEnded) {
      again = false;
      for (const [name, value] of Object.entries(await controls.parts())) {
        const text = JSON.stringify(value);
        if (sent.get(name) === text) continue;
        sent.set(name, text);
        response.write(`event: part\ndata: ${JSON.stringify({ name, value })}\n\n`);
      }
      if (sent.size && !sent.has(' ready')) {
        sent.set(' ready', '');
        response.write('event: ready\ndata: {}\n\n');
      }
    }
    running = false;
  };
  const sendQuietly = () => {
    send().catch(() => response.end());
  };
  const stop = controls.onChange(sendQuietly);
  request.on('close', () => {
    stop();
    streams.delete(response);
  });
  sendQuietly();
}
