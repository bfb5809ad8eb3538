import type { ListItem, Tone } from '../core/kernel/card.ts';

/** What stands before a status where colours are not for us to choose. */
export const TONE_MARKS: Readonly<Record<Tone, string>> = {
  neutral: '⚪',
  info: '🔵',
  good: '🟢',
  attention: '🟡',
  danger: '🔴',
};

/** What stands before an item of a list there, in words too: for whoever hears it, or sees no pictures. */
export const ITEM_MARKS: Readonly<Record<NonNullable<ListItem['mark']>, string>> = {
  done: '✅ Done:',
  open: '⬜ Open:',
  added: '➕ Added:',
  removed: '➖ Removed:',
  changed: '✏️ Changed:',
};
