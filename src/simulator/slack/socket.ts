import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { acceptSocket, readFrames, writeFrame } from '../frames.ts';
import type { Delivered, Recorded } from './requests.ts';

/** Socket Mode: the app connects to us, and requests travel as messages over that connection. */
export interface Sockets {
  connected(): boolean;
  deliver(recorded: Recorded, retry?: { num: number; reason: string }): Promise<Delivered>;
  close(): void;
}

/** How long Slack waits for an acknowledgement. */
const PATIENCE = 3_000;
const TYPES: Record<Recorded['kind'], string> = {
  event: 'events_api',
  command: 'slash_commands',
  button: 'interactive',
  submission: 'interactive',
};

/** Takes WebSocket connections at /socket. */
export function openSockets(server: Server): Sockets {
  const open = new Set<Duplex>();
  const waiting = new Map<string, (payload: unknown) => void>();
  server.on('upgrade', (request, socket) => {
    acceptSocket(request, socket);
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => open.delete(socket));
    readFrames(socket, (text) => {
      const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id: string; payload?: unknown };
      waiting.get(id)?.(payload);
    });
    writeFrame(socket, JSON.stringify({ type: 'hello', num_connections: open.size }));
  });
  return {
    connected: () => open.size > 0,
    deliver: async (recorded, retry) => {
      const id = randomUUID();
      const [socket] = open;
      const answered = new Promise<unknown>((resolve) => {
        waiting.set(id, resolve);
        setTimeout(() => resolve(undefined), PATIENCE).unref();
      });
      const more = retry ? { retry_attempt: retry.num, retry_reason: retry.reason } : {};
      if (socket)
        writeFrame(
          socket,
          JSON.stringify({
            type: TYPES[recorded.kind],
            envelope_id: id,
            payload: payloadOf(recorded),
            accepts_response_payload: recorded.kind !== 'event',
            ...more,
          }),
        );
      const payload = await answered;
      waiting.delete(id);
      const status = payload === undefined ? 0 : 200;
      recorded.answers.push({ status, body: JSON.stringify(payload ?? null), retryNum: retry?.num ?? null });
      const empty = typeof payload !== 'object' || payload === null || !Object.keys(payload).length;
      return { status, body: empty ? null : payload, recorded };
    },
    close: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function payloadOf({ kind, body }: Recorded): unknown {
  if (kind === 'event') return JSON.parse(body);
  const form = Object.fromEntries(new URLSearchParams(body));
  return kind === 'command' ? form : JSON.parse(form.payload ?? '{}');
}
