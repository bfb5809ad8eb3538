import type { EventEmitter } from 'node:events';
import type { Faults } from './faults.ts';
import type { Guild, Json, Message, State } from './state.ts';

/** A call that the bot made. */
export interface Call {
  method: string;
  path: string;
  body: Json | null;
}

/** What the parts of the stand-in share. */
export interface Stage {
  application: { id: string; publicKey: string; clientSecret: string };
  /** What was allowed on Discord's page and not asked for yet, by code. */
  granted: Map<string, { guild: Guild; scope: string; redirectUri: string }>;
  token: string;
  url: string;
  state(): State;
  changed(): void;
  changes: EventEmitter<{ change: [] }>;
  faults: Faults & { take(): import('./faults.ts').Fault | null; delay(): number };
  /** Everything that the bot asked for. */
  calls: Call[];
  /** Everything that it answered interactions with. */
  answers: Json[];
  /** What goes against Discord's limits: a bot that keeps to them is never told. */
  complaints: string[];
  /** Tells everybody who is connected to the gateway. */
  dispatch(event: string, data: Json): void;
  /** Answers that came by a call and not with the request, by the interaction's token. */
  callbacks: Map<string, (answer: Json) => void>;
}

/** The messages of all channels. */
export function allMessages(state: State): Message[] {
  return state.channels.flatMap(({ messages }) => messages);
}
