import type { Action, Button, Press } from '../../core/kernel/card.ts';
import { encodePress } from '../../core/kernel/card.ts';
import type { CardAction, Execute } from './adaptive-card.ts';
import { LIMITS } from './limits.ts';
import { cut } from './text.ts';

/** Makes the buttons of one card. */
export interface Buttons {
  button(button: Button): Execute;
  /** Sends the fields of the form; `reopen` shows the form again when they need another look. */
  submit(label: string, press: Press, reopen: Press | null): Execute;
  /** Leads back: to the view it names, else to the card that was posted here. */
  leave(label: string, to: Press | null): Execute;
  link(link: Extract<Action, { kind: 'link' }>): CardAction;
}

/**
 * @param from the view whose card this is, when no posted card stands behind it: each button carries it, so that what
 *   the button opens knows the way back
 */
export function buttonsFrom(from: Press | null): Buttons {
  const origin: Record<string, string> = from ? { from: encodePress(from) } : {};
  return {
    // Only a form's own button sends, and waits for, what was typed.
    button: ({ label, press, style }) => ({
      type: 'Action.Execute',
      title: cut(label, LIMITS.buttonTitle),
      verb: 'press',
      data: { press: encodePress(press), ...origin },
      associatedInputs: 'none',
      ...(style ? { style: style === 'primary' ? 'positive' : 'destructive' } : {}),
    }),
    submit: (label, press, reopen) => ({
      type: 'Action.Execute',
      title: cut(label, LIMITS.buttonTitle),
      verb: 'press',
      data: { press: encodePress(press), ...(reopen ? { form: encodePress(reopen) } : {}), ...origin },
      associatedInputs: 'auto',
      style: 'positive',
    }),
    leave: (label, to) => ({
      type: 'Action.Execute',
      title: label,
      verb: to ? 'press' : 'show',
      data: to ? { press: encodePress(to) } : {},
      associatedInputs: 'none',
    }),
    link: ({ label, url }) => ({ type: 'Action.OpenUrl', title: cut(label, LIMITS.buttonTitle), url }),
  };
}

/** A row of actions: as many visible as a row shows, all others behind the client's "…" menu. */
export function inRow(actions: CardAction[]): CardAction[] {
  const visible = new Set(actions.filter(({ mode }) => mode !== 'secondary').slice(0, LIMITS.visibleActions));
  return actions.map((action) => (visible.has(action) ? action : { ...action, mode: 'secondary' }));
}
