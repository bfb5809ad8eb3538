import type { Block, ListItem } from '../../core/kernel/card.ts';
import type { Column, Element, Run } from './adaptive-card.ts';
import type { Buttons } from './buttons.ts';
import { LIMITS } from './limits.ts';
import { cut, escapeMarkdown, richLine, richText, run } from './text.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

/** How many of a block's parts, or letters, its share of the card allows; at least one. */
export function most(limit: number, share: number): number {
  return Math.max(1, Math.floor(limit * share));
}

/** A paragraph per line. */
export function text(block: Of<'text'>, share: number): Element[] {
  // Shorter than a line it would say nothing any more.
  return richText(cut(block.text, Math.max(80, most(LIMITS.text, share))), block.subtle ? { isSubtle: true } : {});
}

/** What is heard of things that did not fit. */
export function more(left: number, what = 'more'): Element[] {
  return left > 0 ? richText(`… and ${left} ${what}`, { isSubtle: true }, 'Small') : [];
}

/** Label and value, escaped: facts are the one place in a card where Markdown would be read. */
export function facts(block: Of<'facts'>, share: number): Element[] {
  const shown = block.facts.slice(0, most(LIMITS.facts, share)).map(({ label, value }) => ({
    title: escapeMarkdown(cut(label, LIMITS.factTitle)),
    value: escapeMarkdown(cut(value, LIMITS.factValue)),
  }));
  return shown.length ? [{ type: 'FactSet', facts: shown }, ...more(block.facts.length - shown.length)] : [];
}

/** A row per item: its mark, its words, its button. */
export function list(block: Of<'list'>, share: number, buttons: Buttons): Element[] {
  const items = block.items.slice(0, most(LIMITS.items, share));
  const marked = block.items.some((item) => item.mark);
  return [
    ...heading(block.title),
    ...items.map(
      (item): Element => ({
        type: 'ColumnSet',
        spacing: 'Small',
        columns: [
          ...(marked ? [mark(item)] : []),
          { type: 'Column', width: 'stretch', items: itemText(item) },
          ...(item.button
            ? [column('auto', [{ type: 'ActionSet', actions: [buttons.button(item.button)] } as Element])]
            : []),
        ],
      }),
    ),
    ...more(block.items.length - items.length),
  ];
}

const MARKS: Record<NonNullable<ListItem['mark']>, [text: string, style: Partial<Run>]> = {
  done: ['✓', { color: 'Good', weight: 'Bolder' }],
  open: ['○', { isSubtle: true }],
  added: ['New', { color: 'Good', weight: 'Bolder' }],
  removed: ['Removed', { color: 'Attention', weight: 'Bolder' }],
  changed: ['Changed', { color: 'Warning', weight: 'Bolder' }],
};

function mark({ mark: kind }: ListItem): Column {
  return column('auto', kind ? [richLine([run(...MARKS[kind])])] : []);
}

function itemText({ text: what, detail, mark: kind }: ListItem): Element[] {
  const style: Partial<Run> = kind === 'removed' ? { strikethrough: true } : {};
  const small = detail ? richText(cut(detail, LIMITS.itemText), { isSubtle: true, size: 'Small' }, 'None') : [];
  return [...richText(cut(what, LIMITS.itemText), style), ...small];
}

/** A bar of two columns below its words: clients of Adaptive Cards 1.5 have no element for progress. */
export function progress({ label, percent }: Of<'progress'>): Element[] {
  const done = Math.round(Math.min(100, Math.max(0, percent)));
  const bar = (width: number, style: 'good' | 'emphasis'): Column[] =>
    width ? [{ type: 'Column', width, style, minHeight: '8px', spacing: 'None', items: [] }] : [];
  return [
    richLine([run(cut(label, LIMITS.factTitle), { weight: 'Bolder' }), run(` ${done} %`)]),
    { type: 'ColumnSet', spacing: 'Small', columns: [...bar(done, 'good'), ...bar(100 - done, 'emphasis')] },
  ];
}

/** The latest stay when not all fit: what was said last matters most. */
export function timeline(block: Of<'timeline'>, share: number): Element[] {
  const items = block.items.slice(-most(LIMITS.timeline, share));
  return [
    ...heading(block.title),
    ...more(block.items.length - items.length, 'earlier'),
    ...items.flatMap(({ at, who, text: said, internal }): Element[] => [
      richLine(
        [
          run(cut(who, LIMITS.factTitle), { weight: 'Bolder' }),
          run(` · ${at}`, { isSubtle: true }),
          ...(internal ? [run(' · internal', { color: 'Warning', weight: 'Bolder' })] : []),
        ],
        'Small',
      ),
      ...richText(cut(said, LIMITS.timelineText), {}, 'None'),
    ]),
  ];
}

function heading(title: string | undefined): Element[] {
  return title ? richText(cut(title, LIMITS.title), { weight: 'Bolder' }) : [];
}

function column(width: Column['width'], items: Element[]): Column {
  return { type: 'Column', width, verticalContentAlignment: 'Center', items };
}
