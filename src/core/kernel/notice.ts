import type { ChannelName, Module } from './actor.ts';
import type { Press } from './card.ts';
import type { Sql } from './db.ts';
import type { Event, Tier } from './event.ts';

/** Something that happened, as it is to be told to people. */
export interface Fact {
  event: Event;
  /** The area that announces it: people choose by it how they are told. */
  topic: string;
  /** Whose right it is to read the view. */
  module: Module | null;
  view: Press;
  tier: Tier;
  /** Whoever did it is told as well: it may have been somebody else in their name. */
  tellsDoer: boolean;
}

/** Somebody who is to be told of a fact, with all places that are theirs alone. */
export interface Hearer {
  person: string;
  /** The event names them; else they hear of it because their mailbox is one of the client's or the firm's. */
  named: boolean;
  /** It is for their mailbox alone. */
  mailOnly: boolean;
  rooms: readonly PersonalRoom[];
}

/** A mailbox or direct chat of one person. */
export interface PersonalRoom {
  id: string;
  channel: ChannelName;
  /** It has no fault, its account is still theirs, and its channel is on. */
  isReachable: boolean;
}

/** What is to be sent now. */
export interface ToSend {
  /** In which rooms; the key tells later which notice a card was. */
  cards: { room: string; key: string }[];
  /** Keys of cards that could not arrive, in whose place others are sent: they are given up. */
  replaced: string[];
}

/** Decides how people are told. The area of notices gives it; without one, everybody is told at once. */
export interface Notices {
  /**
   * Decides for all who are to be told of a fact, and notes each decision: once per person and fact, however often it is asked.
   * @param sql the statement of the transaction in which the event is handed on, as the system
   */
  tell(sql: Sql, fact: Fact, hearers: readonly Hearer[], now: Date): Promise<ToSend>;
  /** What is to be run when a card with such a key was not shown to its reader; null for a card that is no notice. */
  outcome(key: string, room: string, fault: 'unseen' | 'unreachable'): OutcomeRequest | null;
}

/** A command that notes what became of a notice. */
export interface OutcomeRequest {
  name: string;
  input: Record<string, string>;
}
