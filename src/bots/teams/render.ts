import type { Block, Card, Press, Tone } from '../../core/kernel/card.ts';
import { formOf, placed } from '../../core/kernel/card.ts';
import type { AdaptiveCard, CardAction, ContainerStyle, Element } from './adaptive-card.ts';
import { facts, list, more, progress, text, timeline } from './blocks.ts';
import type { Buttons } from './buttons.ts';
import { buttonsFrom, inRow } from './buttons.ts';
import type { Returned } from './form.ts';
import { form } from './form.ts';
import { LIMITS } from './limits.ts';
import { cut, escapeMarkdown, richText } from './text.ts';

/** How a card is shown beside what it says itself. */
export interface Showing {
  /** What just happened, above the card. */
  notice?: { tone: 'good' | 'attention'; lines: string[] };
  /** The view whose card this is, when no posted card stands behind it. */
  from?: Press | null;
  /** A button that leads back: to a view, or (null) to the card that was posted here. */
  leave?: { label: string; to: Press | null };
  /** The view that opens this form again. */
  reopen?: Press | null;
  /** A form that came back to be mended. */
  returned?: Returned | null;
  /** The Teams ids of everybody who reads the card, when they are known: their clients ask for its present state. */
  readers?: string[];
}

/** Card → Adaptive Card 1.5 of at most 28 KB, the largest blocks cut first. Texts stay plain: nothing becomes markup. */
export function render(card: Card, showing: Showing = {}): AdaptiveCard {
  const shares = card.blocks.map(() => 1);
  for (let dropped = 0; ; ) {
    const blocks = card.blocks.slice(0, card.blocks.length - dropped);
    const drawn = blocks.map((block, index) => drawBlock(block, shares[index] ?? 1, showing));
    // A form that does not fit is not sent either: nobody saw what it asks.
    const adaptive = assemble({ ...card, blocks }, showing, drawn.flat(), dropped);
    if (bytesOf(adaptive) <= LIMITS.cardBudgetBytes) return adaptive;
    const largest = largestOf(drawn, shares);
    if (largest !== null) shares[largest] = (shares[largest] ?? 1) / 2;
    else if (dropped < card.blocks.length) dropped += 1;
    else throw new Error(`the card ${card.about.entity} is too big for Teams even without its blocks`);
  }
}

/** @param share how much of its reading limits the block may use, 0 to 1; what is left out is counted in words */
function drawBlock(block: Block, share: number, showing: Showing): Element[] {
  switch (block.kind) {
    case 'text':
      return text(block, share);
    case 'facts':
      return facts(block, share);
    case 'list':
      return list(block, share, buttonsFrom(showing.from ?? null));
    case 'progress':
      return progress(block);
    case 'timeline':
      return timeline(block, share);
    case 'form':
      return form(block, share, showing.returned ?? null);
  }
}

/** The biggest block that can still give something; below a hundredth of its limits there is nothing left to cut. */
function largestOf(drawn: Element[][], shares: number[]): number | null {
  const sizes = drawn.map((elements, index) => ((shares[index] ?? 1) < 0.01 ? 0 : bytesOf(elements)));
  const largest = Math.max(0, ...sizes);
  return largest ? sizes.indexOf(largest) : null;
}

function assemble(card: Card, showing: Showing, blocks: Element[], dropped: number): AdaptiveCard {
  const buttons = buttonsFrom(showing.from ?? null);
  const actions = inRow(actionsOf(card, showing, buttons));
  return {
    type: 'AdaptiveCard',
    version: LIMITS.version,
    fallbackText: escapeMarkdown(cut(card.fallback, LIMITS.fallback)),
    ...(showing.readers
      ? { refresh: { action: { ...buttons.leave('Refresh', null) }, userIds: showing.readers } }
      : {}),
    body: [...noticeOf(showing), header(card), ...blocks, ...more(dropped, 'parts that do not fit here')],
    ...(actions.length ? { actions } : {}),
  };
}

const STYLES: Record<Tone, ContainerStyle> = {
  neutral: 'emphasis',
  info: 'accent',
  good: 'good',
  attention: 'warning',
  danger: 'attention',
};

function header({ title, status, tone }: Card): Element {
  const heading = richText(cut(title, LIMITS.title), { weight: 'Bolder', size: 'Large' });
  // Below the title, not beside it: a long status would leave a narrow card no room for the title's words.
  const badge = status ? richText(cut(status, LIMITS.status), { weight: 'Bolder' }, 'None') : [];
  return { type: 'Container', style: STYLES[tone], bleed: true, items: [...heading, ...badge] };
}

function noticeOf({ notice }: Showing): Element[] {
  if (!notice) return [];
  const lines = notice.lines.slice(0, LIMITS.facts).flatMap((line) => richText(cut(line, LIMITS.itemText)));
  return [{ type: 'Container', style: notice.tone, bleed: true, items: lines }];
}

function actionsOf(card: Card, showing: Showing, buttons: Buttons): CardAction[] {
  const asked = formOf(card);
  const { face, more } = placed(card.actions);
  const own = [
    ...face.map((action) => (action.kind === 'link' ? buttons.link(action) : buttons.button(action))),
    ...more.map((button): CardAction => ({ ...buttons.button(button), mode: 'secondary' })),
  ];
  const { leave } = showing;
  return [
    ...(asked ? [buttons.submit(asked.submit.label, asked.submit.press, showing.reopen ?? null)] : []),
    ...own,
    ...(leave && !own.some(({ title }) => title === leave.label) ? [buttons.leave(leave.label, leave.to)] : []),
  ];
}

function bytesOf(part: unknown): number {
  return Buffer.byteLength(JSON.stringify(part));
}
