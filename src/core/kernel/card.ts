/**
 * The channel-neutral interactive message. Every channel renders all of it; texts are plain text and are escaped by the
 * renderer, so nothing in a card can become markup, a mention or a link of its own.
 */
export interface Card {
  title: string;
  tone: Tone;
  /** A short word for the state, shown as a badge: "In review", "Approved by both". */
  status?: string;
  blocks: Block[];
  actions: Action[];
  /** One sentence that says it all where nothing else can be shown: notifications, mail subjects, screen readers. */
  fallback: string;
  about: About;
}

export type Tone = 'neutral' | 'info' | 'good' | 'attention' | 'danger';

/** What the card is about. `version` is the state it shows; 0 where there is nothing that changes (help, lists). */
export interface About {
  entity: string;
  id: string;
  version: number;
}

export type Block =
  | { kind: 'text'; text: string; subtle?: boolean }
  | { kind: 'facts'; facts: { label: string; value: string }[] }
  | { kind: 'list'; title?: string; items: ListItem[] }
  | { kind: 'progress'; label: string /** per cent, 0 to 100 */; percent: number }
  /** What happened or was said, oldest first. `at` is already written in the reader's time zone. */
  | { kind: 'timeline'; title?: string; items: Moment[] }
  | Form;

export interface Moment {
  at: string;
  who: string;
  text: string;
  internal?: boolean;
  /** The files that came with it; the text names them. */
  files?: readonly FileRef[];
}

/** A file of a message. Only the pages hand files out; elsewhere the name says that there is one. */
export interface FileRef {
  /** The message it came with, its place among the files of the mail, and that mail in the inbox. */
  message: string;
  number: number;
  mail: string;
  name: string;
  /** In bytes. */
  size: number;
  type: string;
}

export interface ListItem {
  text: string;
  detail?: string;
  mark?: 'done' | 'open' | 'added' | 'removed' | 'changed';
  button?: Button;
  /** The file that the line names. */
  file?: FileRef;
}

/** Form fields and where they go. A card holds at most one; a channel with modals opens one for it. */
export interface Form {
  kind: 'form';
  submit: { label: string; press: Press };
  fields: Field[];
}

export type Field = FieldBase &
  (
    | {
        kind: 'text';
        multiline?: boolean;
        /** A password or key: typed on a page of ours alone, in one line, and never shown again. */
        secret?: boolean;
        /** Files are sent, so many at most: from a page of ours alone. */
        file?: { most: number };
        maxLength?: number;
        placeholder?: string;
      }
    | { kind: 'choice'; options: { value: string; label: string }[] }
    | {
        /** Any of the options may be ticked. `value` is a text as `ticks.ts` says; '' where nothing is ticked on purpose. */
        kind: 'several';
        options: { value: string; label: string }[];
        /** So many are ticked at least, and at most. */
        least: number;
        most: number;
        /** Nothing ticked is an answer that must be given: where no boxes are seen, in a mail, it is said in words. */
        needed: boolean;
      }
    | { kind: 'date' }
  );

interface FieldBase {
  /** The name of the input of the command; unique in the form. */
  name: string;
  label: string;
  /** Something must be typed, chosen or ticked. */
  required: boolean;
  value?: string;
  hint?: string;
}

export type Action = Button | Link;

export interface Button {
  kind: 'button';
  label: string;
  press: Press;
  style?: 'primary' | 'danger';
  /** The word that does the same in a mail reply; by default the label's first word in capitals. */
  word?: string;
  /** Stands behind "More…" even where the card's face has room for it: see `placed`. */
  place?: 'more';
}

export interface Link {
  kind: 'link';
  label: string;
  url: string;
}

/** Somebody used a button: the name of a command or a view, and its input. Values are short: ids, hashes, numbers. */
export interface Press {
  target: string;
  input: Record<string, string>;
}

/** Discord's custom_id, the tightest of the platforms. */
export const MAX_PRESS_BYTES = 100;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Writes a press as at most 100 bytes of ASCII: `target?key=value&…`, ids shortened to 22 characters behind a `~`.
 * @throws Error when it does not fit: a card that cannot be pressed everywhere is a fault of its author.
 */
export function encodePress(press: Press): string {
  const pairs = Object.entries(press.input).map(([key, value]) => `${encodeURIComponent(key)}=${encodeValue(value)}`);
  const text = pairs.length ? `${press.target}?${pairs.join('&')}` : press.target;
  if (Buffer.byteLength(text) > MAX_PRESS_BYTES)
    throw new Error(`press ${press.target} takes ${Buffer.byteLength(text)} bytes; at most ${MAX_PRESS_BYTES} fit`);
  return text;
}

/** A press that carries a few words of free text, as many as fit: what a form is opened with. */
export function withWords(press: Press, name: string, words: string): Press {
  const letters = [...words.trim()];
  const carrying = (count: number): Press => ({
    ...press,
    input: { ...press.input, [name]: letters.slice(0, count).join('').trim() },
  });
  const most = letters.findIndex((_, index) => !fits(carrying(index + 1)));
  const count = most < 0 ? letters.length : most;
  return count > 0 ? carrying(count) : press;
}

function fits(press: Press): boolean {
  try {
    encodePress(press);
    return true;
  } catch {
    return false;
  }
}

/** Reads what `encodePress` wrote. Returns null for anything else: presses come from outside. */
export function decodePress(text: string): Press | null {
  if (Buffer.byteLength(text) > MAX_PRESS_BYTES) return null;
  const [target = '', query = '', ...more] = text.split('?');
  if (more.length || !/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/.test(target)) return null;
  const input: Record<string, string> = {};
  for (const pair of query ? query.split('&') : []) {
    const at = pair.indexOf('=');
    if (at < 1) return null;
    const value = decodeValue(pair.slice(at + 1));
    if (value === null) return null;
    input[pair.slice(0, at)] = value;
  }
  return { target, input };
}

function encodeValue(value: string): string {
  return UUID.test(value)
    ? `~${Buffer.from(value.replaceAll('-', ''), 'hex').toString('base64url')}`
    : encodeURIComponent(value).replaceAll('~', '%7E');
}

function decodeValue(text: string): string | null {
  if (!text.startsWith('~')) {
    try {
      return decodeURIComponent(text);
    } catch {
      return null;
    }
  }
  const hex = Buffer.from(text.slice(1), 'base64url').toString('hex');
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : null;
}

/** The word that presses the button in a mail reply. */
export function replyWord(button: Button): string {
  return button.word ?? (button.label.split(' ')[0] ?? '').toUpperCase().replaceAll(/[^A-Z]/g, '');
}

export function formOf(card: Card): Form | null {
  return card.blocks.find((block) => block.kind === 'form') ?? null;
}

export function buttonsOf(card: Card): Button[] {
  return card.actions.filter((action) => action.kind === 'button');
}

/** More than so many buttons on a card's face are looked through instead of seen. */
const FACE = 3;

/**
 * Where a card's actions stand: the first buttons on its face, all others behind "More…", the most important first in both.
 * A link presses nothing, and not every platform has menus with links: it stays on the face.
 */
export function placed(actions: readonly Action[]): { face: Action[]; more: Button[] } {
  const buttons = actions.filter((action) => action.kind === 'button');
  const face = new Set(buttons.filter(({ place }) => place !== 'more').slice(0, FACE));
  return {
    face: actions.filter((action) => action.kind === 'link' || face.has(action)),
    more: buttons.filter((button) => !face.has(button)),
  };
}

/** The files that a card shows. */
export function filesOn({ blocks }: Card): FileRef[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'timeline') return block.items.flatMap(({ files }) => files ?? []);
    return block.kind === 'list' ? block.items.flatMap(({ file }) => file ?? []) : [];
  });
}
