import type { Block, ListItem } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { invoice as thing } from './invoice.ts';
import type { Entry, Invoice } from './schema.ts';
import { digitsOf, money } from './wording.ts';

/** The newest stand below, as on a statement of a bank. */
export function entriesBlock({ entries }: Invoice): Block[] {
  if (!entries.length) return [];
  return [{ kind: 'list', title: 'Paid and credited', items: entries.slice(-MOST_ENTRIES).map(entryItem) }];
}

/** As many as stand on a card beside a long invoice; all of them stand in the statement. */
const MOST_ENTRIES = 10;

function entryItem({ kind, day, amount, currency, note, undone, creditId, creditNumber }: Entry): ListItem {
  return {
    text: `${dayText(day)} · ${entryText({ kind, creditNumber })}: ${money(Math.abs(amount), currency)}`,
    detail: [...(undone ? ['taken back'] : []), ...(note ? [note] : [])].join(' · '),
    ...(undone ? { mark: 'removed' as const } : {}),
    ...(creditId && creditNumber ? { button: thing.opening(creditId, 'Open', `OPEN${digitsOf(creditNumber)}`) } : {}),
  };
}

/** What happened, in a line: "Credit note 2026-0008" */
export function entryText({ kind, creditNumber }: Pick<Entry, 'kind' | 'creditNumber'>): string {
  return `${ENTRY_SAYS[kind]}${creditNumber ? ` ${creditNumber}` : ''}`;
}

const ENTRY_SAYS: Readonly<Record<Entry['kind'], string>> = {
  issued: 'Issued',
  payment: 'Payment',
  refund: 'Paid back',
  undo: 'Taken back',
  credit: 'Credit note',
  void: 'Voided',
};
