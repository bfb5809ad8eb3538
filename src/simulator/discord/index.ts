import { createPrivateKey, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { mountApi } from './api.ts';
import type { Faults } from './faults.ts';
import { injectedFaults } from './faults.ts';
import type { Gateway } from './gateway.ts';
import { openGateway } from './gateway.ts';
import type { Acts } from './people.ts';
import { actsOn } from './people.ts';
import type { Recorded } from './requests.ts';
import { deliver, makeKeys, publicHalf, signed } from './requests.ts';
import type { Call, Stage } from './stage.ts';
import type { Channel, Guild, Json, Message, Modal, State } from './state.ts';
import { channelOf, emptyState, nextId, TEXT } from './state.ts';

export interface StandInOptions {
  /** 0 or absent: any free one. */
  port?: number;
  /** The bot's door for interactions; a function when it is known only later. Null: they go over the gateway. */
  interactionsUrl: string | (() => string) | null;
  /** Of the application's page “OAuth2”; without it nobody adds the bot to a server through the hub. */
  clientSecret?: string;
  /** What an earlier run was known by: its private key as PEM, its id and token. */
  key?: string;
  applicationId?: string;
  botToken?: string;
}

/** Discord on this machine: its API and gateway, and the people in its servers. */
export interface DiscordStandIn extends Acts, Faults {
  url: string;
  /** For DISCORD_API_URL. */
  apiUrl: string;
  applicationId: string;
  publicKey: string;
  botToken: string;
  /** Emits 'change' whenever something on anybody's screen changed. */
  changes: EventEmitter<{ change: [] }>;
  calls: Call[];
  answers: Json[];
  complaints: string[];
  state(): State;
  addGuild(name: string, people: string[], id?: string): Guild;
  addChannel(guild: Guild, name: string, type?: number): Channel;
  /** What a person sees of a channel: its messages, and those for them alone. */
  seen(channelId: string, userId: string): Message[];
  modalOf(userId: string): Modal | undefined;
  /** How many connections to the gateway are ready. */
  connected(): number;
  /** Headers with which Discord would sign a body, by a clock that may differ. */
  /** What somebody who may manage a server does on Discord's page: allows the bot there. Returns where Discord sends them back to. */
  allow(authorizeUrl: string, guild: Guild): string;
  /** Somebody removes the bot from a server; `unheard`: while it is not connected to the gateway. */
  removeBot(guild: Guild, how?: { unheard?: boolean }): void;
  /** A server is out of reach for a while. */
  breakDown(guild: Guild): void;
  sign(body: string, seconds?: number): Record<string, string>;
  /** Sends any interaction. */
  deliver(body: Json): Promise<Recorded>;
  until<T>(look: () => T | null | undefined | false, what?: string): Promise<T>;
  snapshot(): State;
  restore(state: State): void;
  stop(): Promise<void>;
}

/** Starts Discord on a loopback port. */
export async function startDiscordStandIn(options: StandInOptions): Promise<DiscordStandIn> {
  const { interactionsUrl, key: pem = makeKeys().privateKey } = options;
  const [key, publicKey] = [createPrivateKey(pem), publicHalf(pem)];
  let state = emptyState();
  const botToken = options.botToken ?? randomBytes(24).toString('base64url');
  const applicationId = options.applicationId ?? nextId(state);
  const changes = new EventEmitter<{ change: [] }>();
  changes.setMaxListeners(0);
  const web = express();
  const server = await listen(web, options.port ?? 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway: Gateway = openGateway(server, botToken, applicationId);
  const stage: Stage = {
    application: { id: applicationId, publicKey, clientSecret: options.clientSecret ?? '' },
    granted: new Map(),
    token: botToken,
    url,
    state: () => state,
    changed: () => changes.emit('change'),
    changes,
    faults: injectedFaults(),
    calls: [],
    answers: [],
    complaints: [],
    dispatch: (event, data) => gateway.dispatch(event, data),
    callbacks: new Map(),
  };
  web.use(express.json({ limit: '1mb', strict: false }), express.urlencoded({ extended: false }));
  mountApi(web, stage);
  const send = (body: Json): Promise<Recorded> => {
    if (interactionsUrl === null) return overGateway(stage, body);
    const to = typeof interactionsUrl === 'string' ? interactionsUrl : interactionsUrl();
    return deliver(to, key, JSON.stringify(body));
  };
  return {
    ...actsOn(stage, send),
    ...stage.faults,
    url,
    apiUrl: `${url}/api`,
    applicationId,
    publicKey,
    botToken,
    changes,
    calls: stage.calls,
    answers: stage.answers,
    complaints: stage.complaints,
    state: () => state,
    addGuild: (name, people, id = nextId(state)) => {
      const guild = { id, name, members: people.map((name, at) => ({ id: nextId(state), name, manages: at === 0 })) };
      state.guilds.push(guild);
      return guild;
    },
    addChannel: (guild, name, type = TEXT) => {
      const channel: Channel = {
        ...{ id: nextId(state), guild: guild.id, name, type, parent: null },
        ...{ archived: false, visible: true, messages: [] },
      };
      state.channels.push(channel);
      stage.changed();
      return channel;
    },
    seen: (channelId, userId) =>
      channelOf(state, channelId).messages.filter(({ onlyFor }) => !onlyFor || onlyFor === userId),
    modalOf: (userId) => state.modals.findLast(({ user }) => user === userId),
    connected: () => gateway.ready(),
    allow: (authorizeUrl, guild) => allow(stage, new URL(authorizeUrl), guild),
    removeBot: (guild, { unheard = false } = {}) => {
      guild.removed = true;
      if (!unheard) stage.dispatch('GUILD_DELETE', { id: guild.id });
    },
    breakDown: (guild) => stage.dispatch('GUILD_DELETE', { id: guild.id, unavailable: true }),
    sign: (body, seconds) => signed(key, body, seconds),
    deliver: send,
    until: (look, what = 'what was waited for') => until(changes, look, what),
    snapshot: () => structuredClone(state),
    restore: (earlier) => {
      state = structuredClone(earlier);
      stage.changed();
    },
    stop: async () => {
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Discord hands an interaction to the gateway where no address is set, and waits three seconds for the callback. */
/** @throws Error for a page that Discord would not show */
function allow({ application, granted }: Stage, asked: URL, guild: Guild): string {
  const {
    client_id: id,
    response_type: type,
    scope = '',
    redirect_uri: redirectUri = '',
    state = '',
  } = Object.fromEntries(asked.searchParams);
  if (asked.pathname !== '/oauth2/authorize' || id !== application.id || type !== 'code' || !redirectUri)
    throw new Error(`Discord would not show ${asked.href}`);
  const code = randomBytes(12).toString('base64url');
  granted.set(code, { guild, scope, redirectUri });
  guild.removed = false;
  const back = new URL(redirectUri);
  back.search = new URLSearchParams({ code, state, guild_id: guild.id }).toString();
  return back.href;
}

function overGateway(stage: Stage, body: Json): Promise<Recorded> {
  return new Promise((resolve) => {
    const give = (status: number, answer: Json | null) => resolve({ body: JSON.stringify(body), status, answer });
    stage.callbacks.set(String(body.token), (answer) => give(200, answer));
    setTimeout(() => give(0, null), 3_000).unref();
    stage.dispatch('INTERACTION_CREATE', body);
  });
}

async function listen(web: express.Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const listening = web.listen(port, '127.0.0.1', (error?: Error) => (error ? reject(error) : resolve(listening)));
  });
}

/** Waits until something is there, looking again at every change and now and then. */
async function until<T>(
  changes: EventEmitter<{ change: [] }>,
  look: () => T | null | undefined | false,
  what: string,
): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 50);
      changes.once('change', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
