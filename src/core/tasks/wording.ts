import type { Status } from './schema.ts';

/** A status as a badge. */
export const LABELS: Readonly<Record<Status, string>> = {
  open: 'To do',
  in_progress: 'In progress',
  blocked: 'Blocked',
  done: 'Done',
  dropped: 'Dropped',
};

/** A status inside a sentence: "T12 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  open: 'to do',
  in_progress: 'in progress',
  blocked: 'blocked',
  done: 'done',
  dropped: 'dropped',
};
