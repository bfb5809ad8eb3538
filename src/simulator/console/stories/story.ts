import type { PersonKey } from '../../../../prisma/demo-firm.ts';

/** A pane of the console, by the id that it has on the page. */
export type PaneId =
  | 'client-slack'
  | 'client-teams'
  | 'client-discord'
  | 'client-mail'
  | 'firm-slack'
  | 'firm-teams'
  | 'firm-jira';

/** Something of the product, told in short steps that somebody does in the panes. */
export interface Story {
  key: string;
  title: string;
  steps: readonly Step[];
}

/** Who does what, where, and how it is known that it was done. */
export interface Step {
  key: string;
  /** In the list of steps, and on the pane. */
  what: string;
  /** Behind who and where in the list: what is worth looking at. */
  hint?: string;
  /** On the pane itself: what is to be pressed or typed. */
  here?: string;
  /** Without one it is done in the bar on top. */
  pane?: PaneId;
  as?: PersonKey | 'guest';
  find: Target;
  ticks: Tick;
}

/** What is marked on the page, and gets the focus by “Show me”. */
export type Target =
  /** A button on the newest card that holds these words. */
  | { button: string; on: string }
  /** Where one writes in the pane. */
  | { write: true }
  /** The newest mail that holds these words in its subject; once it is open, the mail or the box to answer it. */
  | { mail: string; to: 'open' | 'answer' }
  /** The open issue, or the newest one of the board. */
  | { issue: true }
  /** A button of the bar on top, by its words. */
  | { bar: string };

/** How a step is ticked: by what really happened, in whatever order. */
export type Tick = EventTick | SeenTick | PassedTick;

/** By an event of the hub. */
export interface EventTick {
  event: string;
  /** Words in the name of what it is about. */
  about?: string;
  /** Values that the event holds. */
  with?: Readonly<Record<string, unknown>>;
  /** Who did it. */
  by?: PersonKey | 'guest' | 'integration';
  channel?: string;
}

/** By what leaves no event: a view that somebody opened, or a press that was not current any more. */
export interface SeenTick {
  seen: string;
}

/** By so many days that the clock has moved since another step of the story was ticked. */
export interface PassedTick {
  passed: number;
  since: string;
}

/** What `Memory.seen` holds once somebody pressed a button that was no longer current. */
export const STALE_PRESS = 'a stale press';
