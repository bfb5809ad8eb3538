import type { Button } from '../kernel/card.ts';

/** Where somebody sees how they are told, and sets it. */
export const PREFERENCES: Button = {
  kind: 'button',
  label: 'How you are told',
  word: 'NOTICES',
  press: { target: 'notice.preferences', input: {} },
};

/** What waits for the next digest. */
export const WAITING: Button = {
  kind: 'button',
  label: 'What waits for your digest',
  word: 'WAITING',
  press: { target: 'notice.digest', input: {} },
};

/** Stops what is optional with one press. */
export function stopping(what: string, label: string): Button {
  return { kind: 'button', label, word: 'STOP', press: { target: 'notice.unsubscribe', input: { what } } };
}

/** Takes that back with one press. */
export function resuming(what: string): Button {
  return { kind: 'button', label: 'Undo', word: 'UNDO', press: { target: 'notice.resubscribe', input: { what } } };
}

/** What somebody was told lately, and why. */
export const WHY: Button = {
  kind: 'button',
  label: 'Why did I get this?',
  word: 'WHY',
  press: { target: 'notice.why', input: {} },
};
