import type { Block, Card, Field, ListItem } from '../../core/kernel/card.ts';
import { placed } from '../../core/kernel/card.ts';
import { oneLine } from '../../core/kernel/text.ts';
import { ticksIn } from '../../core/kernel/ticks.ts';
import { MARKER } from './limits.ts';
import type { Word } from './words.ts';

/** A part of a mail's body. The text and the HTML are written from the same pieces, so that they say the same. */
export type Piece =
  | { kind: 'heading'; text: string; status?: string }
  | { kind: 'title'; text: string }
  | { kind: 'paragraph'; text: string; subtle?: boolean }
  | { kind: 'facts'; facts: { label: string; value: string }[] }
  | { kind: 'items'; items: { text: string; detail?: string; link?: Anchor }[] }
  | { kind: 'anchors'; anchors: Anchor[] }
  | { kind: 'quote'; pieces: Piece[] };

export interface Anchor {
  label: string;
  url: string;
  style?: 'primary' | 'danger';
}

/** What a mail of ours says. */
export interface Letter {
  subject: string;
  /** Sentences above the card: what became of the mail that this one answers. */
  lead: string[];
  card: Card | null;
  words: readonly Word[];
  /** True when text may follow the word of this button. */
  takesText(word: Word): boolean;
  /** Where a link presses the button; null in a mailbox of nobody in particular. */
  linkOf(word: Word): string | null;
  /** Where the card's form can be filled in. */
  formLink: string | null;
  /** What was said before, quoted below. */
  history: Card | null;
}

/** The body of a mail, in the order of reading. */
export function piecesOf(letter: Letter): Piece[] {
  const { card, history } = letter;
  return [
    { kind: 'paragraph', text: MARKER, subtle: true },
    ...letter.lead.map((text): Piece => ({ kind: 'paragraph', text })),
    ...(card ? cardPieces(card, letter) : []),
    ...(history ? quotePieces(history) : []),
  ];
}

function cardPieces(card: Card, letter: Letter): Piece[] {
  const links = new Map(letter.words.map((word) => [word.button, letter.linkOf(word)]));
  // What stands behind "More…" elsewhere has its word in the list of words.
  const anchors = placed(card.actions).face.flatMap((action): Anchor[] => {
    const url = action.kind === 'link' ? webAddress(action.url) : links.get(action);
    const style = action.kind === 'button' && action.style ? { style: action.style } : {};
    return url ? [{ label: action.label, url, ...style }] : [];
  });
  const item = ({ button, ...rest }: ListItem) => {
    const url = button && links.get(button);
    return { ...plainItem(rest), ...(button && url ? { link: { label: button.label, url } } : {}) };
  };
  return [
    headingOf(card),
    ...card.blocks.flatMap((block) => blockPieces(block, item, letter.formLink)),
    ...(anchors.length ? [{ kind: 'anchors', anchors } satisfies Piece] : []),
    ...wordPieces(letter, anchors.length > 0),
  ];
}

function headingOf(card: Card): Piece {
  return { kind: 'heading', text: oneLine(card.title), ...(card.status ? { status: card.status } : {}) };
}

type Item = Extract<Piece, { kind: 'items' }>['items'][number];

function blockPieces(block: Block, item: (item: ListItem) => Item, formLink: string | null): Piece[] {
  switch (block.kind) {
    case 'text':
      return [{ kind: 'paragraph', text: block.text, ...(block.subtle ? { subtle: true } : {}) }];
    case 'facts':
      return [{ kind: 'facts', facts: block.facts }];
    case 'list':
      return [...titleOf(block.title), { kind: 'items', items: block.items.map(item) }];
    case 'progress':
      return [{ kind: 'facts', facts: [{ label: block.label, value: `${block.percent} %` }] }];
    case 'timeline':
      return [...titleOf(block.title), { kind: 'items', items: block.items.map(said) }];
    case 'form':
      return [
        { kind: 'items', items: block.fields.map(fieldItem) },
        ...(formLink
          ? [{ kind: 'anchors', anchors: [{ label: block.submit.label, url: formLink }] } satisfies Piece]
          : []),
      ];
  }
}

function titleOf(text: string | undefined): Piece[] {
  return text ? [{ kind: 'title', text }] : [];
}

function plainItem({ text, detail, mark }: Omit<ListItem, 'button'>): Item {
  return { text: mark ? `[${mark}] ${text}` : text, ...(detail ? { detail } : {}) };
}

function said({ at, who, text, internal }: { at: string; who: string; text: string; internal?: boolean }): Item {
  return { text: `${at}, ${who}${internal ? ' (internal)' : ''}:`, detail: text };
}

function fieldItem(field: Field): Item {
  const { label, required, hint, kind, value } = field;
  const lines = [
    ...(hint ? [hint] : []),
    ...(kind === 'text' && value ? [`“${value}”`] : []),
    ...(field.kind === 'several' ? boxes(field) : []),
  ];
  // Boxes that need an answer are answered in words here, though it be "none".
  const mayBeLeft = !required && !(field.kind === 'several' && field.needed);
  return { text: mayBeLeft ? `${label} (if you like)` : label, ...(lines.length ? { detail: lines.join('\n') } : {}) };
}

/** Most choices that a mail lists. */
const MOST_BOXES = 50;

/** What can be ticked, with what is. */
function boxes({ options, value = '' }: Extract<Field, { kind: 'several' }>): string[] {
  const ticks = ticksIn(value);
  const shown = options
    .slice(0, MOST_BOXES)
    .map((one) => `${ticks.includes(one.value) ? '☑' : '☐'} ${oneLine(one.label)}`);
  return options.length > MOST_BOXES ? [...shown, `… and ${options.length - MOST_BOXES} more`] : shown;
}

/** "Or answer this mail with one word": every button can be pressed without opening a page. */
function wordPieces({ words, takesText }: Letter, hasLinks: boolean): Piece[] {
  if (!words.length) return [];
  const list = words.map(
    (word) => `${word.word}${takesText(word) ? ' <your words>' : ''}${word.of ? ` (${word.of})` : ''}`,
  );
  const lead = hasLinks ? 'Or answer this mail with one word' : 'Answer this mail with one word';
  return [{ kind: 'paragraph', text: `${lead} on its first line: ${list.join(', ')}`, subtle: true }];
}

function quotePieces(history: Card): Piece[] {
  const pieces = history.blocks.flatMap((block) => blockPieces(block, plainItem, null));
  return [
    { kind: 'title', text: 'Earlier in this conversation' },
    { kind: 'quote', pieces: [{ kind: 'title', text: titled(history) }, ...pieces] },
  ];
}

function titled({ title, status }: Card): string {
  return oneLine(status ? `${title} [${status}]` : title);
}

/** A card's link, if it leads to the web. */
function webAddress(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
