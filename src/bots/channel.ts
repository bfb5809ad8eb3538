import type { Express } from 'express';
import type { ZodType } from 'zod';
import type { Config } from '../config.ts';
import type { AccountForm, AccountTyped, Proof, ProvingTools } from '../core/kernel/account-form.ts';
import type { Assurance, ChannelName } from '../core/kernel/actor.ts';
import type { Answer, Place } from '../core/kernel/answer.ts';
import type { Card, Press } from '../core/kernel/card.ts';
import type { StoredConnection } from '../core/kernel/connection.ts';
import type { Egress } from '../core/kernel/egress.ts';
import type { Delivery, InboxItem, Worked } from '../core/kernel/inbox.ts';
import { RetryLater } from '../core/kernel/jobs.ts';
import type { Platform } from '../core/kernel/platform.ts';
import type { App } from '../core/kernel/registry.ts';
import type { CameWith } from './files.ts';

/** The platform's own name of a posted message: plain JSON, made and read by its channel alone. `id` is unique in its room. */
export interface MessageRef {
  id: string;
  [more: string]: unknown;
}

/** A channel, chat or mailbox that is bound to a client or project. */
export interface Room {
  tenantId: string;
  id: string;
  channel: ChannelName;
  /** The workspace, directory or (for mail) '' that the address belongs to. */
  account: string;
  address: string;
  name: string;
  audience: 'client' | 'internal' | 'triage' | 'person';
  clientId: string | null;
  projectId: string | null;
  /** Set when the room is one person's mailbox or direct chat. */
  personId: string | null;
  reference: Record<string, unknown> | null;
  /** It was unbound: nothing new is posted there, and what it shows is closed. */
  ended: boolean;
}

/** What goes with a card when it is sent. */
export interface Posting {
  /** The registry's id of the posted card; a channel writes it into the message, so that `find` and answers can name it. */
  cardId: string;
  /** The message whose thread this one belongs to. */
  thread: MessageRef | null;
}

/** The channels that are on, by name. */
export type Channels = ReadonlyMap<string, Channel>;

/** A place where people see cards and press buttons. It translates and decides nothing. */
export interface Channel {
  name: ChannelName;
  /** The account of which it is the channel, where its credentials name it: a mailbox. */
  account?: string;
  can: {
    /** Posted messages can be changed in place; a mail cannot. */
    edit: boolean;
    /** An account's own id is an address: its owner can be written to directly. */
    direct?: boolean;
  };
  /** Opens the channel's doors on the web server. */
  mount?(web: Express): void;
  /** Starts listening by itself (Socket Mode, IMAP); returns how to stop. */
  listen?(): Promise<() => Promise<void>>;
  /**
   * @throws Undeliverable when it can never arrive there; RetryLater when the platform said when to come back
   */
  send(room: Room, card: Card, posting: Posting): Promise<MessageRef>;
  /** @throws MessageGone when it was deleted there; else as `send` */
  update(room: Room, ref: MessageRef, card: Card, posting: Posting): Promise<void>;
  /**
   * Looks for messages of a card that were sent and not noted: the process died, or the answer never came.
   * @param since when the card was first to be sent
   * @returns all there are, the oldest first
   */
  find?(room: Room, posting: Posting, since: Date): Promise<MessageRef[]>;
  /** Deletes a message of ours that stands twice. */
  remove?(room: Room, ref: MessageRef): Promise<void>;
  /** Works a stored delivery of this channel (a chat message, a mail). */
  work?(item: InboxItem): Promise<Worked>;
  /** Lets go of what it holds open. */
  close?(): Promise<void>;
}

/**
 * A platform of which firms have accounts. Each account is opened as a channel of its own, by the environment's credentials
 * or by those of a connection; only then is the platform's SDK loaded, which costs memory and time.
 */
export interface ChannelKind<C> {
  name: ChannelName;
  can: Channel['can'];
  /** Where its channels take requests; behind it, `/<connection>` is the address of an account with an app of its own. */
  path: string;
  /** What an account is reached with. */
  credentials: ZodType<C>;
  /** What the environment gives of it; null: nothing. */
  environment(config: Config): C | null;
  /** Whether firms may add the hub's own app to accounts of theirs. */
  installs?(config: Config): boolean;
  /** How a code is posted there that proves whose an account is, in a sentence. Without it none is taken. */
  posts?(code: string): string;
  /** How one account is called: "a mailbox". */
  account: string;
  /** What a page asks to connect one; without it an account is not connected by typing. */
  form?: AccountForm;
  /**
   * What is said with the form where an account counts once what the hub sent there has arrived in it (`LoadedKind.roundTrip`),
   * and where the environment gives the hub no account to send it by, so that a login that works must do.
   */
  roundTrip?: { sent: string; unsent: string };
  load(): Promise<LoadedKind<C>>;
}

/** What a platform's own folder makes of credentials. */
export interface LoadedKind<C> {
  /** @throws Error with the cure when they cannot be used */
  open(credentials: C, tools: ChannelTools): Promise<Channel>;
  /** What can be asked of it without opening it. */
  platform(credentials: C): Platform;
  /** Tries what was typed into the kind's form. @throws DomainError with the cure, by field where one of them is wrong */
  prove?(typed: AccountTyped, tools: ProvingTools): Promise<Proof<C>>;
  /** Proves an account by what arrives in it, where a login does not say whose it is. */
  roundTrip?: RoundTrip<C>;
  /** Why the platform refuses the credentials; null when an error says nothing of the kind. */
  refusal?(error: unknown): string | null;
  /** What a delivery says when Parley was removed from the account it came from, and when that was; null for any other. */
  removal?(item: InboxItem, connection: StoredConnection): { reason: string; at: Date } | null;
  /** Whether a delivery shows that the hub's own app is in the account, also where it was noted to be removed. */
  presence?(item: InboxItem): boolean;
}

/** An account that is to be proven: by whom, and for which firm. */
interface Unproven {
  /** Names this one try: what is sent for it proves no other. */
  id: string;
  account: string;
  firm: string;
  person: string;
}

/** What is sent to an account, and looked for in it. Sent twice it proves the same. */
export interface RoundTrip<C> {
  /**
   * @param own the environment's credentials
   * @throws Undeliverable when it can never arrive there
   */
  send(own: C, to: Unproven, tools: Pick<ChannelTools, 'app' | 'publicUrl'>): Promise<void>;
  /** Whether it is there, for whoever signs in with what was typed. */
  arrived(typed: C, to: Unproven, tools: { app: App; egress: Egress }): Promise<boolean>;
  /** What an administrator is told where it cannot be delivered, was never sent, or did not arrive. */
  said: { refused: string; unsent: string; late: string };
}

// biome-ignore lint/suspicious/noExplicitAny: the list holds kinds of all credentials
export type AnyChannelKind = ChannelKind<any>;

/** Gives a kind its type. */
export function channelKind<C>(kind: ChannelKind<C>): ChannelKind<C> {
  return kind;
}

/** A room that cannot be written to: archived, bot removed, address bounced. Kept as the room's fault and shown to staff. */
export class Undeliverable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Undeliverable';
  }
}

/** The platform refused a call because there were too many, and said when to come back. */
export class RateLimited extends RetryLater {
  /** Whether it is the room that gets too much, or the whole account. */
  readonly scope: 'room' | 'account';

  constructor(scope: 'room' | 'account', seconds: number, message: string) {
    super(seconds, message);
    this.scope = scope;
  }
}

/** The message itself is given up, since somebody deleted it or there is no account to send it by; the room is as good as before. */
export class MessageGone extends Undeliverable {}

/** Who acted, in the platform's own ids. */
export interface Sender {
  /** The connected workspace, directory or mailbox it came through: it names the firm. */
  install: { tool: ChannelName; account: string };
  provider: ChannelName;
  account: string;
  externalId: string;
  assurance: Assurance;
  /** Whether they may manage the whole account, where the platform says so. */
  manages?: boolean;
  /** What they call themselves there: shown as that, never a proof. */
  name?: string;
}

/** A press as a channel's parse.ts reads it. */
export interface Pressed {
  who: Sender;
  press: Press;
  /** The same for the same press however often it is delivered: from the platform's ids, by meaning. */
  requestId: string;
  /** What was typed into form fields. */
  form?: Record<string, string>;
  /** What the channel itself knows of the act. */
  known?: Record<string, string>;
  /** The room in which it was pressed; absent in a chat with one person. */
  place?: Place;
}

/** Something said in answer to a posted card: a message in its thread, a mail. */
export interface Said {
  who: Sender;
  requestId: string;
  /** Where it was said, and in answer to which message or card. */
  room: { channel: ChannelName; account: string; address: string };
  inReplyTo: { messageId: string } | { cardId: string };
  text: string;
  /** Earlier mail that was quoted below; folded, never dropped. */
  quoted?: string;
  /** What came with it. */
  files?: CameWith;
}

/** What a channel is given to hand things on. */
export interface Inbound {
  /** Answers a press. Committed before it returns: acknowledge after it. */
  press(pressed: Pressed): Promise<Answer>;
  /** What somebody said becomes an answer to the card's thing, or (`unmatched`) nothing knows where it belongs. */
  say(said: Said): Promise<Answer | { kind: 'unmatched' }>;
  /** The card that a posted message shows now, drawn for its room; null when the message is not one of ours. */
  redraw(room: { channel: ChannelName; account: string; address: string }, messageId: string): Promise<Card | null>;
  /** Stores a delivery under the firm of its installation; acknowledge it only after this returned. Null when no firm connected it. */
  store(install: { tool: string; account: string }, delivery: Delivery): Promise<'stored' | 'duplicate' | null>;
}

/** What a channel is made with. */
export interface ChannelTools {
  app: App;
  inbound: Inbound;
  /** The address under which people reach this hub, without a trailing slash. */
  publicUrl: string;
  /**
   * Works as the channel of another account, for an app that is installed in many: what it takes for one of them is answered
   * there. Without it there is but one account.
   * @throws NotConnected
   */
  as?<T>(account: string, work: (channel: Channel) => Promise<T>): Promise<T>;
  /**
   * Says that the platform refuses what a connection is reached with, where that is noticed by listening and not by a call.
   * Absent for the environment's credentials.
   */
  broken?(reason: string): Promise<void>;
  /**
   * Says that the hub's own app was removed from an account, where that is noticed by trying, or by what is left. Absent for an
   * account with an app of its own.
   */
  absent?(account: string, reason: string): Promise<void>;
  /** Where it may connect to. Absent for the environment's credentials, which are the operator's word. */
  egress?: Egress;
  /** The account that the credentials of a connection are for: the platform need not be asked. */
  account?: string;
}
