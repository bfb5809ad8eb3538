import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowed } from './authorize.ts';
import type { Faults } from './faults.ts';
import { injectedFaults } from './faults.ts';
import type { Acts } from './people.ts';
import { actsOn } from './people.ts';
import { deliver } from './requests.ts';
import { answer } from './server.ts';
import { openSockets } from './socket.ts';
import type { Stage } from './stage.ts';
import { note, until } from './stage.ts';
import type { Channel, Human, Workspace } from './state.ts';
import { newWorkspace } from './state.ts';

export type { Acted } from './people.ts';
export type { Channel, Ephemeral, Human, Message, Workspace } from './state.ts';

export interface StandInOptions {
  /** 0 or absent: any free one. */
  port?: number;
  signingSecret: string;
  /** Where the app takes Slack's requests: …/slack/events. */
  eventsUrl: string;
  /** The workspace's id. */
  team?: string;
  botToken?: string;
  appToken?: string;
}

/** Slack for one workspace, on this machine. */
export interface SlackStandIn
  extends Acts,
    Faults,
    Pick<Stage, 'workspace' | 'changes' | 'calls' | 'recorded' | 'complaints' | 'codes' | 'others'> {
  url: string;
  /** What SLACK_API_URL must be. */
  apiUrl: string;
  team: string;
  botToken: string;
  appToken: string;
  addPerson(id: string, name: string, team?: string): Human;
  /** A channel with our app in it. */
  addChannel(id: string, name: string, members: string[], options?: { private?: boolean }): Channel;
  /** Sends requests somewhere else from now on. */
  sendEventsTo(eventsUrl: string): void;
  /** Makes this a workspace of the same Slack as the first, which then answers for both. */
  joins(first: SlackStandIn): void;
  /** Somebody says yes on Slack's page for this workspace; gives where their browser goes then. */
  allow(authorizeUrl: string): string;
  /** True while the app is connected by Socket Mode: requests then travel over its socket. */
  connected(): boolean;
  /** Waits until something is there, looking again at every change. */
  until<T>(look: () => T | null | undefined | false, what?: string, milliseconds?: number): Promise<T>;
  /** The workspace as plain JSON. */
  snapshot(): Workspace;
  restore(workspace: Workspace): void;
  stop(): Promise<void>;
}

/** Starts a stand-in of Slack on the loopback address. */
export async function startSlackStandIn(options: StandInOptions): Promise<SlackStandIn> {
  // Put together here, so that no scanner takes them for somebody's.
  const [bot, socket] = ['xoxb', 'xapp'].map((kind) => `${kind}-stand-in`);
  const { signingSecret, botToken = bot ?? '', appToken = socket ?? '' } = options;
  const faults = injectedFaults();
  let { eventsUrl } = options;
  const server = createServer((request, response) => {
    answer(stage, { bot: botToken, app: appToken }, request, response).catch(() => response.destroy());
  });
  // Longer than any client keeps a connection: a machine that stalls would use one that was closed a moment ago.
  server.keepAliveTimeout = 60_000;
  const sockets = openSockets(server);
  const stage: Stage = {
    workspace: newWorkspace(options.team),
    changes: new EventEmitter(),
    faults,
    calls: [],
    recorded: [],
    complaints: [],
    url: '',
    codes: new Map(),
    others: new Map(),
    stopped: false,
    send: async (recorded, retry) => {
      if (!stage.recorded.includes(recorded)) stage.recorded.push(recorded);
      return sockets.connected()
        ? sockets.deliver(recorded, retry)
        : deliver(eventsUrl, signingSecret, recorded, retry);
    },
  };
  // A page per person may listen.
  stage.changes.setMaxListeners(0);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  stage.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { workspace } = stage;
  let { codes } = stage;
  return {
    ...stage,
    ...faults,
    ...actsOn(stage),
    apiUrl: `${stage.url}/api/`,
    team: workspace.team.id,
    botToken,
    appToken,
    addPerson: (id, name, team = workspace.team.id) => {
      const person = { id, name, team };
      workspace.people[id] = person;
      return person;
    },
    addChannel: (id, name, members, { private: isPrivate = false } = {}) => {
      const channel: Channel = {
        id,
        name,
        private: isPrivate,
        archived: false,
        direct: false,
        members: [...members, workspace.bot.userId],
        messages: [],
      };
      workspace.channels[id] = channel;
      return channel;
    },
    sendEventsTo: (to) => {
      eventsUrl = to;
    },
    joins: (first) => {
      first.others.set(botToken, stage);
      codes = first.codes;
    },
    allow: (authorizeUrl) => allowed(authorizeUrl, codes, { stage, token: botToken }),
    connected: () => sockets.connected(),
    until: (look, what = 'what was waited for', milliseconds = 15_000) => until(stage, look, what, milliseconds),
    snapshot: () => structuredClone(workspace),
    restore: (earlier) => {
      Object.assign(workspace, structuredClone(earlier));
      note(stage, [{ kind: 'workspace' }]);
    },
    stop: async () => {
      stage.stopped = true;
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
