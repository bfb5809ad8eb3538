import type { KnownBlock, SectionBlock, Button as SlackButton } from '@slack/types';
import type { Block, Button, ListItem } from '../../core/kernel/card.ts';
import { ITEM_MARKS } from '../marks.ts';
import { inputBlocks, longestList } from './form.ts';
import { cut, LIMITS } from './limits.ts';
import { heading, labelled, pieces, plain } from './text.ts';

/** A block of a card, and how it looks when only so many of its units (paragraphs, facts, items) are shown. */
export interface Part {
  units: number;
  show(units: number): KnownBlock[];
}

/** Shows all parts in full if they fit; else the largest lose units until they do. */
export function fitted(parts: Part[], room: { blocks: number; json: number }): KnownBlock[] {
  const shown = parts.map((part) => ({ part, units: part.units, blocks: part.show(part.units) }));
  for (;;) {
    const blocks = shown.flatMap((one) => one.blocks);
    const tooMany = blocks.length > room.blocks;
    if (!tooMany && JSON.stringify(blocks).length <= room.json) return blocks;
    const size = tooMany ? (one: KnownBlock[]) => one.length : (one: KnownBlock[]) => JSON.stringify(one).length;
    const largest = shown.filter((one) => one.units > 1).sort((a, b) => size(b.blocks) - size(a.blocks))[0];
    if (!largest) return dropped(blocks, room);
    largest.units -= Math.max(1, Math.floor(largest.units / 8));
    largest.blocks = largest.part.show(largest.units);
  }
}

/** Where nothing is left to shorten: what comes first matters most, and a form must stay whole. */
function dropped(blocks: KnownBlock[], room: { blocks: number; json: number }): KnownBlock[] {
  const note = more(true, '… shortened here');
  const kept = [...blocks];
  while (kept.length + note.length > room.blocks || JSON.stringify([...kept, ...note]).length > room.json) {
    const last = kept.findLastIndex((block) => block.type !== 'input');
    if (last < 0) return kept;
    kept.splice(last, 1);
  }
  return [...kept, ...note];
}

/** A block of a card as a part; of a form only the lists to choose from can be shortened. */
export function partOf(block: Block, button: (button: Button) => SlackButton): Part {
  switch (block.kind) {
    case 'text':
      return textPart(block);
    case 'facts':
      return factsPart(block.facts);
    case 'list':
      return listPart(block, button);
    case 'progress':
      return {
        units: 1,
        show: () => [section(`${block.label}  ${bar(block.percent)} ${Math.round(block.percent)} %`)],
      };
    case 'timeline':
      return timelinePart(block);
    case 'form':
      return { units: Math.max(1, longestList(block)), show: (units) => inputBlocks(block, units) };
  }
}

// A third of what a section takes, so that a long text is shortened in steps that are not too coarse.
const PIECE = 1_000;

function textPart({ text, subtle }: Extract<Block, { kind: 'text' }>): Part {
  const all = pieces(text.trim(), PIECE);
  return {
    units: all.length,
    show: (units) => [
      ...packed(all.slice(0, units), '').map(
        (some): KnownBlock => (subtle ? { type: 'context', elements: [plain(some, LIMITS.text)] } : section(some)),
      ),
      ...more(all.length > units, '… shortened here'),
    ],
  };
}

function factsPart(facts: { label: string; value: string }[]): Part {
  const fields = facts.map(({ label, value }) => labelled(label, '\n', value, LIMITS.field));
  return {
    units: facts.length,
    show: (units) => [
      ...tens(fields.slice(0, units)).map((some): SectionBlock => ({ type: 'section', fields: some })),
      ...left(facts.length - units),
    ],
  };
}

function tens<T>(all: T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / LIMITS.fields) }, (_, at) =>
    all.slice(at * LIMITS.fields, (at + 1) * LIMITS.fields),
  );
}

/** Items are lines of a section; one with a button is a section of its own. */
function listPart({ title, items }: Extract<Block, { kind: 'list' }>, button: (button: Button) => SlackButton): Part {
  // Numbered once: an item must not change its button's id because others were left out.
  const lines = items.map((item) => ({ text: lineOf(item), accessory: item.button && button(item.button) }));
  return {
    units: items.length,
    show: (units) => {
      const blocks: KnownBlock[] = title ? [{ type: 'section', text: heading(title, LIMITS.text) }] : [];
      let open: string[] = [];
      const close = () => {
        blocks.push(...packed(open, '\n').map(section));
        open = [];
      };
      for (const { text, accessory } of lines.slice(0, units)) {
        if (!accessory) open.push(text);
        else {
          close();
          blocks.push({ ...section(text), accessory });
        }
      }
      close();
      return [...blocks, ...left(items.length - units)];
    },
  };
}

function lineOf({ text, detail, mark }: ListItem): string {
  return cut([mark ? ITEM_MARKS[mark] : '•', text, ...(detail ? [`– ${detail}`] : [])].join(' '), LIMITS.text);
}

/** What was said last matters most: when there is too much, the oldest are left out. */
function timelinePart({ title, items }: Extract<Block, { kind: 'timeline' }>): Part {
  const entries = items.map(({ at, who, text, internal }): SectionBlock => {
    const head = internal ? ` · ${at} · 🔒 internal, not for the client\n` : ` · ${at}\n`;
    return { type: 'section', text: labelled(who, head, text, LIMITS.text) };
  });
  const top: KnownBlock[] = title ? [{ type: 'section', text: heading(title, LIMITS.text) }] : [];
  return {
    units: items.length,
    show: (units) => [
      ...top,
      ...more(items.length > units, `… ${items.length - units} earlier`),
      ...entries.slice(items.length - units),
    ],
  };
}

function section(text: string): SectionBlock {
  return { type: 'section', text: plain(text, LIMITS.text) };
}

function left(count: number): KnownBlock[] {
  return more(count > 0, `… and ${count} more`);
}

function more(there: boolean, text: string): KnownBlock[] {
  return there ? [{ type: 'context', elements: [plain(text, LIMITS.text)] }] : [];
}

/** Joins texts as far as one section takes them. */
function packed(texts: string[], between: string): string[] {
  const found: string[] = [];
  for (const text of texts) {
    const last = found.at(-1);
    if (last !== undefined && last.length + between.length + text.length <= LIMITS.text)
      found[found.length - 1] = `${last}${between}${text}`;
    else found.push(text);
  }
  return found;
}

function bar(percent: number): string {
  const full = Math.max(0, Math.min(10, Math.round(percent / 10)));
  return '▓'.repeat(full) + '░'.repeat(10 - full);
}
