/** Somebody in a server. */
export interface User {
  id: string;
  name: string;
  /** They may manage their server. */
  manages?: boolean;
}

/** A component as it arrived. */
export type Json = Record<string, unknown>;

export interface Message {
  id: string;
  channel: string;
  /** Null for the bot. */
  from: User | null;
  content: string;
  embeds: Json[];
  components: Json[];
  flags: number;
  nonce: string | null;
  /** The message it replies to. */
  replyTo: string | null;
  edited: boolean;
  at: number;
  /** Only this person sees it. */
  onlyFor: string | null;
  /** The interaction whose answer it is; by its token it can be changed. */
  token: string | null;
  /** An answer that was said to come later: it shows that Parley is thinking. */
  waiting: boolean;
}

export interface Channel {
  id: string;
  guild: string;
  name: string;
  /** Discord's number: 0 for text, 11 for a thread. */
  type: number;
  /** The channel of a thread; its first message has the thread's own id. */
  parent: string | null;
  archived: boolean;
  /** False where the bot cannot see it. */
  visible: boolean;
  messages: Message[];
}

/** A modal on somebody's screen. */
export interface Modal {
  id: string;
  user: string;
  channel: string;
  /** The message whose button opened it. */
  message: string | null;
  data: { custom_id: string; title: string; components: Json[] };
}

export interface Guild {
  id: string;
  name: string;
  members: User[];
  /** The bot was removed from it. */
  removed?: boolean;
}

/** Everything the stand-in remembers: plain JSON. */
export interface State {
  guilds: Guild[];
  channels: Channel[];
  modals: Modal[];
  commands: Json[];
  lastId: string;
}

export const TEXT = 0;
export const THREAD = 11;
export const FLAGS = { ephemeral: 1 << 6, v2: 1 << 15 };

/** Ids of Discord begin with the milliseconds since 2015. */
const EPOCH = 1_420_070_400_000;

export function emptyState(): State {
  return { guilds: [], channels: [], modals: [], commands: [], lastId: '0' };
}

/** The next id: later ones are larger. */
export function nextId(state: State): string {
  const now = BigInt(Date.now() - EPOCH) << 22n;
  const next = now > BigInt(state.lastId) ? now : BigInt(state.lastId) + 1n;
  state.lastId = String(next);
  return state.lastId;
}

export function channelOf(state: State, id: string): Channel {
  const found = state.channels.find((one) => one.id === id);
  if (!found) throw new Error(`there is no channel ${id} in this Discord`);
  return found;
}

export function messageOf(state: State, id: string): Message {
  const found = state.channels.flatMap(({ messages }) => messages).find((one) => one.id === id);
  if (!found) throw new Error(`there is no message ${id} in this Discord`);
  return found;
}

export function userOf(state: State, id: string): User {
  const found = state.guilds.flatMap(({ members }) => members).find((one) => one.id === id);
  if (!found) throw new Error('Nobody here has that account.');
  return found;
}

export function addMessage(state: State, channel: Channel, given: Partial<Message>): Message {
  const message: Message = {
    id: nextId(state),
    channel: channel.id,
    from: null,
    content: '',
    embeds: [],
    components: [],
    flags: 0,
    nonce: null,
    replyTo: null,
    edited: false,
    at: Date.now(),
    onlyFor: null,
    token: null,
    waiting: false,
    ...given,
  };
  channel.messages.push(message);
  return message;
}

/** All components of a message or modal, with those inside. */
export function partsOf(part: unknown): Json[] {
  if (typeof part !== 'object' || part === null) return [];
  return [part as Json, ...Object.values(part).flatMap(partsOf)];
}

/** The words on a message, in their order. */
export function textsOn(message: Pick<Message, 'components' | 'content' | 'embeds'>): string {
  const shown = partsOf(message.components).flatMap(({ content }) => (typeof content === 'string' ? [content] : []));
  const embeds = message.embeds.flatMap(({ title, description }) => [String(title), String(description)]);
  return [message.content, ...embeds, ...shown]
    .filter(Boolean)
    .join('\n')
    .replaceAll(/\\([^\w\s])/g, '$1');
}
