import type { ZodType } from 'zod';
import type { Module } from './actor.ts';
import type { Action, Card, Press } from './card.ts';
import type { Context } from './context.ts';
import type { KeptFile } from './files.ts';
import type { Figures, Standing } from './standing.ts';
import type { AnyThing } from './thing-definition.ts';
import type { Waiting } from './waiting.ts';
import type { Word, Words } from './words.ts';

/** A named read: first data, then a card of it. It sees what its actor may see and nothing else. */
export interface View<In, Data> {
  /** `area.noun` */
  name: string;
  input: ZodType<In>;
  /**
   * Whose things it shows: the right to read that module is asked first, and whoever lacks it is offered no button that leads
   * here. Null for what shows nothing of a module, or leaves out by itself what may not be read.
   */
  module: Module | null;
  /** People who are not linked yet may open it (help, linking itself). It then runs as the system and must show no data. */
  unlinked?: boolean;
  /** What its input names is a proposal among others: it shows what else there is, and is opened for all that the actor sees. */
  wide?: boolean;
  /** People open it by writing this. */
  word?: Word;
  /** What it says as data, with a sentence per field where the name does not say it. */
  output: ZodType<Data>;
  /** Pages can be turned and the items narrowed: see `list`. */
  list?: ListNature;
  /**
   * Mails of it are optional: they offer to be stopped by one press without signing in (RFC 8058), and this is what is stopped.
   * Absent for what somebody must be told.
   */
  stops?: string;
  /** @throws DomainError not_found or forbidden where the actor may not see it, though they read the module */
  read(context: Context, input: In, declared: ReadWith): Promise<Data>;
  /** The data as its reader is shown it. It reads nothing more. */
  card(data: Data, drawing: Drawing, input: In): Card;
  /**
   * The same data as a file: the same bytes for the same data. The pages hand it out to whoever is shown the view; its card and
   * the cards of its thing lead there by `wayTo`.
   */
  file?(data: Data): MadeFile | Promise<MadeFile>;
  /** Or a file that is kept, of which the data tells: read in the transaction of the view, and handed out in the same way. */
  kept?(context: Context, data: Data): Promise<KeptFile>;
}

/** What a view may read beside the data: what the areas declare for the views that show all of them together. */
export interface ReadWith {
  words: Words;
  waiting: readonly Waiting[];
  figures: readonly Figures[];
  standings: readonly Standing[];
  things: ReadonlyMap<string, AnyThing>;
  /** Other views as the same reader is shown them; null for what is not there for them. */
  draw(presses: readonly Press[]): Promise<(Card | null)[]>;
}

/** A file that is made when somebody asks for it. */
export interface MadeFile {
  name: string;
  /** As the browser is told it. */
  type: string;
  content: Uint8Array;
}

/** A file as it is handed out: one that was made, or one that is kept and comes piece by piece. */
export interface HandedFile extends Omit<MadeFile, 'content'> {
  content: Uint8Array | AsyncIterable<Uint8Array>;
  /** In bytes. */
  size: number;
}

/** What a card is drawn with: who reads it, and where its links lead. */
export type Drawing = Omit<Context, 'sql' | 'prisma'>;

/**
 * The way to what only the pages show or hand out: the reader's own page of it, and in a room the button that shows each person
 * theirs.
 */
export function wayTo(
  press: Press,
  { label, word, onPage = label }: { label: string; word: string; onPage?: string },
  { pageOf }: Pick<Drawing, 'pageOf'>,
): Action {
  const url = pageOf(press);
  return url ? { kind: 'link', label: onPage, url } : { kind: 'button', label, word, press };
}

/** What is known of a list without reading it. */
export interface ListNature {
  /** The inputs that narrow it, and what each may be. */
  filters: Readonly<Record<string, ZodType>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds views of every input
export type AnyView = View<any, any>;

/** Gives a view its types. */
export function view<In, Data>(definition: View<In, Data>): View<In, Data> {
  return definition;
}
