import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { acceptSocket, readFrames, writeFrame } from '../frames.ts';
import type { Json } from './state.ts';

/** Discord's gateway: bots connect to it, and are told of what happens. */
export interface Gateway {
  /** How many bots are connected and known. */
  ready(): number;
  dispatch(event: string, data: Json): void;
  close(): void;
}

const OP = { dispatch: 0, heartbeat: 1, identify: 2, hello: 10, acknowledged: 11 };
/** What messages say, without which their words are empty, and what happens to servers. */
const CONTENT = 1 << 15;
const GUILDS = 1 << 0;

/** Takes WebSocket connections, as docs.discord.com/developers/events/gateway describes them, without resuming. */
export function openGateway(server: Server, token: string, application: string): Gateway {
  const open = new Map<Duplex, { intents: number; sequence: number }>();
  server.on('upgrade', (request, socket) => {
    acceptSocket(request, socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => open.delete(socket));
    const send = (payload: Json) => writeFrame(socket, JSON.stringify(payload));
    readFrames(socket, (text) => {
      const { op, d } = JSON.parse(text) as { op: number; d: Json };
      if (op === OP.heartbeat) send({ op: OP.acknowledged });
      if (op !== OP.identify) return;
      if (d.token !== token) return void socket.end();
      open.set(socket, { intents: Number(d.intents), sequence: 1 });
      const user = { id: application, username: 'Parley', bot: true };
      const ready = {
        v: 10,
        user,
        guilds: [],
        session_id: 'session',
        resume_gateway_url: `ws://${request.headers.host}`,
      };
      send({ op: OP.dispatch, t: 'READY', s: 1, d: { ...ready, application: { id: application, flags: 0 } } });
    });
    send({ op: OP.hello, d: { heartbeat_interval: 41_250 } });
  });
  return {
    ready: () => open.size,
    dispatch: (event, data) => {
      for (const [socket, known] of open) {
        if (event.startsWith('GUILD_') && !(known.intents & GUILDS)) continue;
        known.sequence += 1;
        const d = known.intents & CONTENT || event !== 'MESSAGE_CREATE' ? data : { ...data, content: '' };
        writeFrame(socket, JSON.stringify({ op: OP.dispatch, t: event, s: known.sequence, d }));
      }
    },
    close: () => {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}
