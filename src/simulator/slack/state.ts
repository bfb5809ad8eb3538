import { randomBytes } from 'node:crypto';

/** Everything the stand-in knows, as plain JSON: it can be written down and read again. */
export interface Workspace {
  team: { id: string; name: string; domain: string };
  bot: { userId: string; botId: string; appId: string; name: string };
  people: Record<string, Human>;
  channels: Record<string, Channel>;
  ephemerals: Ephemeral[];
  modals: Modal[];
  triggers: Record<string, { user: string; at: number }>;
  responseUrls: Record<string, ResponseUrl>;
  /** The newest timestamp given out, in microseconds: they are the ids of messages. */
  lastTs: number;
}

export interface Human {
  id: string;
  name: string;
  /** The person's own workspace; another one than ours in Slack Connect. */
  team: string;
}

export interface Channel {
  id: string;
  name: string;
  private: boolean;
  archived: boolean;
  direct: boolean;
  members: string[];
  messages: Message[];
}

export interface Message {
  ts: string;
  user: string;
  botId: string | null;
  text: string;
  blocks: BlockJson[];
  threadTs: string | null;
  metadata: object | null;
  edited: boolean;
  /** What it looked like before: somebody's screen may still show that. */
  earlier: BlockJson[][];
}

export interface Ephemeral {
  ts: string;
  channel: string;
  user: string;
  threadTs: string | null;
  text: string;
  blocks: BlockJson[];
}

export interface Modal {
  id: string;
  hash: string;
  user: string;
  view: ViewJson;
  /** Block id → what the app says is wrong there. */
  errors: Record<string, string>;
}

export interface ResponseUrl {
  channel: string;
  user: string;
  /** The message that `replace_original` means. */
  original: string | null;
  thread: string | null;
  left: number;
  until: number;
}

// biome-ignore lint/suspicious/noExplicitAny: Block Kit as it came; checked against the limits before it is kept
export type BlockJson = Record<string, any> & { type: string; block_id: string };
export type ViewJson = Record<string, unknown> & { blocks: BlockJson[]; private_metadata?: string };

/** Something that happened and that a page showing the workspace wants to draw. */
export type Change =
  | { kind: 'message' | 'updated' | 'deleted'; channel: string; ts: string }
  | { kind: 'ephemeral'; channel: string; ts: string; user: string }
  | { kind: 'modal' | 'modal-errors' | 'modal-closed'; view: string; user: string }
  | { kind: 'workspace' }
  | { kind: 'complaint'; text: string };

/** An empty workspace with our app installed. */
export function newWorkspace(team = 'T0PARLEY'): Workspace {
  return {
    team: { id: team, name: 'Northwind', domain: 'northwind' },
    bot: { userId: 'U0PARLEY', botId: 'B0PARLEY', appId: 'A0PARLEY', name: 'parley' },
    people: {},
    channels: {},
    ephemerals: [],
    modals: [],
    triggers: {},
    responseUrls: {},
    lastTs: 0,
  };
}

/** A timestamp as Slack gives them: seconds and microseconds, never twice the same. */
export function nextTs(workspace: Workspace, now: number): string {
  workspace.lastTs = Math.max(workspace.lastTs + 1, now * 1_000);
  const digits = String(workspace.lastTs);
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** Slack names every block that has no name. */
export function withBlockIds(blocks: { type: string; block_id?: string }[]): BlockJson[] {
  return blocks.map((block) => ({
    ...block,
    block_id: block.block_id ?? randomBytes(4).toString('base64url').slice(0, 5),
  }));
}

/** The message or, for its one reader, the ephemeral one. */
export function messageAt(workspace: Workspace, channel: string, ts: string, user: string): Message | Ephemeral | null {
  const posted = workspace.channels[channel]?.messages.find((message) => message.ts === ts);
  return (
    posted ?? workspace.ephemerals.find((one) => one.channel === channel && one.ts === ts && one.user === user) ?? null
  );
}
