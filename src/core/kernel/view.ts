import type { ZodType } from 'zod';
import type { Module } from './actor.ts';
import type { Card } from './card.ts';
import type { Context } from './context.ts';
import type { Word, Words } from './words.ts';

/** A named read that gives a card. It sees what its actor may see and nothing else. */
export interface View<In> {
  /** `area.noun` */
  name: string;
  input: ZodType<In>;
  /**
   * Whose things it shows: the right to read that module is asked first. Null for what shows nothing of a module, or
   * leaves out by itself what may not be read.
   */
  module: Module | null;
  /** People who are not linked yet may open it (help, linking itself). It then runs as the system and must show no data. */
  unlinked?: boolean;
  /** What its input names is a proposal among others: it shows what else there is, and is opened for all that the actor sees. */
  wide?: boolean;
  /** People open it by writing this. */
  word?: Word;
  show(context: Context, input: In, registry: { words: Words }): Promise<Card>;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds views of every input
export type AnyView = View<any>;

/** Gives a view its types. */
export function view<In>(definition: View<In>): View<In> {
  return definition;
}
