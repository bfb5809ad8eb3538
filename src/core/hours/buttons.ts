import type { Button } from '../kernel/card.ts';

/** What opens the form in which time is logged, with what is known already. */
export function logButton(input: { project?: string } = {}): Button {
  return { kind: 'button', label: 'Log time…', word: 'LOG', press: { target: 'hours.log', input } };
}

/** The same of a month's budget. */
export function budgetButton(input: { project?: string; month?: string } = {}): Button {
  return { kind: 'button', label: 'Budget…', word: 'BUDGET', press: { target: 'hours.set-budget', input } };
}

/** And what opens the form in which a month is billed. */
export function billButton(period: string): Button {
  return {
    kind: 'button',
    label: 'Bill it…',
    word: 'BILL',
    press: { target: 'invoice.bill-hours', input: { period } },
  };
}
