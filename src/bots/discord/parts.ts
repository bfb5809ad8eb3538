import type {
  APIButtonComponent,
  APIComponentInContainer,
  APISectionComponent,
  APITextDisplayComponent,
} from 'discord.js';
import { ComponentType } from 'discord.js';
import type { Block, Button, ListItem } from '../../core/kernel/card.ts';
import { ITEM_MARKS } from '../marks.ts';
import { bold, escaped, fitting, line } from './text.ts';

/** A block of a card, and how it looks when only so many of its units (characters, facts, items) are shown. */
export interface Part {
  units: number;
  show(units: number): APIComponentInContainer[];
}

/** What is left of a message for its blocks. */
interface Space {
  components: number;
  text: number;
}

/** Shows all parts in full if they fit; else the largest lose units until they do. */
export function fitted(parts: Part[], space: Space): APIComponentInContainer[] {
  const shown = parts.map((part) => ({ part, units: part.units, drawn: part.show(part.units) }));
  for (;;) {
    const drawn = shown.flatMap((one) => one.drawn);
    const tooMany = countOf(drawn) > space.components;
    if (!tooMany && lengthOf(drawn) <= space.text) return drawn;
    const size = tooMany ? countOf : lengthOf;
    const largest = shown.filter((one) => one.units > 1).sort((a, b) => size(b.drawn) - size(a.drawn))[0];
    if (!largest) return dropped(drawn, space);
    largest.units -= Math.max(1, Math.floor(largest.units / 8));
    largest.drawn = largest.part.show(largest.units);
  }
}

/** Where nothing is left to shorten: what comes first matters most. */
function dropped(drawn: APIComponentInContainer[], space: Space): APIComponentInContainer[] {
  const kept = [...drawn];
  const note = display('-# … shortened here');
  while (kept.length && (countOf([...kept, note]) > space.components || lengthOf([...kept, note]) > space.text))
    kept.pop();
  return [...kept, note];
}

/** Components, with those inside. */
export function countOf(components: readonly object[]): number {
  return components.reduce<number>((sum, one) => {
    const inside = 'components' in one ? countOf(one.components as object[]) : 0;
    return sum + 1 + inside + ('accessory' in one ? 1 : 0);
  }, 0);
}

/** Characters in text displays. */
export function lengthOf(components: readonly object[]): number {
  return components.reduce<number>((sum, one) => {
    if ('content' in one) return sum + String(one.content).length;
    return sum + ('components' in one ? lengthOf(one.components as object[]) : 0);
  }, 0);
}

export function display(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

/** A block of a card as a part. A form has nothing to show here: its fields stand in a modal. */
export function partOf(block: Block, button: (button: Button) => APIButtonComponent | null): Part {
  switch (block.kind) {
    case 'text':
      return textPart(block);
    case 'facts':
      return linesPart(
        null,
        block.facts.map(({ label, value }) => `${bold(label)}  ${fitting(value.trim(), MOST) || '–'}`),
      );
    case 'list':
      return listPart(block, button);
    case 'progress':
      return linesPart(null, [`${line(block.label)}  ${bar(block.percent)} ${Math.round(block.percent)} %`]);
    case 'timeline':
      return timelinePart(block);
    case 'form':
      return { units: 1, show: () => [] };
  }
}

/** Characters of one fact or one entry; a text may be as long as the message. */
const MOST = 1_000;

function textPart({ text, subtle }: Extract<Block, { kind: 'text' }>): Part {
  const whole = text.trim();
  return {
    units: whole.length,
    show: (units) => {
      const short = units < whole.length;
      const shown = short
        ? whole
            .slice(0, units)
            .toWellFormed()
            .replace(/\uFFFD$/, '')
        : whole;
      const written = subtle ? small(shown) : escaped(shown);
      return written.trim() ? [display(short ? `${written}\n-# … shortened here` : written)] : [];
    },
  };
}

function small(text: string): string {
  const lines = text.split('\n').filter((one) => one.trim());
  return lines.map((one) => `-# ${escaped(one)}`).join('\n');
}

function linesPart(title: string | null, lines: string[]): Part {
  const top = title ? [bold(title)] : [];
  return {
    units: lines.length,
    show: (units) => [display([...top, ...lines.slice(0, units), ...left(lines.length - units)].join('\n') || '–')],
  };
}

/** Items are lines of a text; one with a button is a section of its own. */
function listPart(
  { title, items }: Extract<Block, { kind: 'list' }>,
  button: (button: Button) => APIButtonComponent | null,
): Part {
  // Drawn once: a button is not to be counted as used because others were left out.
  const drawn = items.map((item) => ({ text: lineOf(item), accessory: item.button ? button(item.button) : null }));
  return {
    units: items.length,
    show: (units) => {
      const parts: (APITextDisplayComponent | APISectionComponent)[] = [];
      let open: string[] = title ? [bold(title)] : [];
      const close = () => {
        if (open.length) parts.push(display(open.join('\n')));
        open = [];
      };
      for (const { text, accessory } of drawn.slice(0, units)) {
        if (!accessory) open.push(text);
        else {
          close();
          parts.push({ type: ComponentType.Section, components: [display(text)], accessory });
        }
      }
      open.push(...left(items.length - units));
      close();
      return parts;
    },
  };
}

function lineOf({ text, detail, mark }: ListItem): string {
  const words = fitting([text, ...(detail ? [`– ${detail}`] : [])].join(' ').replaceAll(/\s+/g, ' '), MOST);
  return `${mark ? ITEM_MARKS[mark] : '•'} ${words}`;
}

/** What was said last matters most: when there is too much, the oldest are left out. */
function timelinePart({ title, items }: Extract<Block, { kind: 'timeline' }>): Part {
  const entries = items.map(({ at, who, text, internal }) => {
    const head = `${bold(who)} · ${line(at)}${internal ? ' · 🔒 internal, not for the client' : ''}`;
    return `${head}\n${fitting(text.trim(), MOST) || '–'}`;
  });
  const top = title ? [bold(title)] : [];
  return {
    units: items.length,
    show: (units) => {
      const earlier = items.length - units;
      const lines = [...top, ...(earlier ? [`-# … ${earlier} earlier`] : []), ...entries.slice(earlier)];
      return lines.length ? [display(lines.join('\n'))] : [];
    },
  };
}

function left(count: number): string[] {
  return count > 0 ? [`-# … and ${count} more`] : [];
}

function bar(percent: number): string {
  const full = Math.max(0, Math.min(10, Math.round(percent / 10)));
  return '▓'.repeat(full) + '░'.repeat(10 - full);
}
