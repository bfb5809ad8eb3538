import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem, Tone } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { isTeam } from '../people/index.ts';
import { billButton, budgetButton, logButton } from './buttons.ts';
import { timeText } from './duration.ts';
import { agreedOf, closedBy, notAgreedOf, usedOf } from './month.ts';
import { period as thing } from './period.ts';
import type { Period, Status } from './period-schema.ts';
import { mayLog, runsHours } from './rules.ts';
import { called, LABELS, monthText } from './wording.ts';

const TONES: Readonly<Record<Status, Tone>> = {
  open: 'neutral',
  sent: 'attention',
  disputed: 'danger',
  signed: 'good',
};

/** A project's month: what was agreed, used and invoiced, how it stands, and what this actor may do about it. */
export function periodCard(period: Period, actor: Actor): Card {
  const { state, month } = period;
  const used = usedOf(period);
  return {
    title: `Hours of ${monthText(month)}`,
    tone: notAgreedOf(period) && state.status === 'open' ? 'attention' : TONES[state.status],
    status: LABELS[state.status],
    blocks: [
      ...(state.status === 'sent' ? remindedBlocks(period, actor) : []),
      ...standing(period, actor),
      ...progressBlock(period, used),
      { kind: 'facts', facts: factsOf(period, used, actor) },
      ...peopleBlock(period, actor),
    ],
    actions: [...thing.buttons(period, actor), ...otherButtons(period, actor)],
    fallback: `${called(period)}: ${usedText(period, used)} (${LABELS[state.status].toLowerCase()})`,
    about: { entity: 'period', id: period.id, version: period.version },
  };
}

/** "12h of 40h" */
export function usedText(period: Pick<Period, 'budget' | 'approved'>, used: number): string {
  const agreed = agreedOf(period);
  return agreed === null ? timeText(used) : `${timeText(used)} of ${timeText(agreed)}`;
}

/** How it was answered, where the reader looks first. */
function standing({ state, isAsked, clientName }: Period, actor: Actor): Block[] {
  const text = (words: string): Block => ({ kind: 'text', text: words });
  const at = (moment: Date) => momentText(moment, actor.timezone);
  const waiting = isAsked ? [text(`${clientName} was asked for more hours, and has not answered yet.`)] : [];
  switch (state.status) {
    case 'open':
      return [{ kind: 'text', text: 'The client sees nothing of it yet.', subtle: true }, ...waiting];
    case 'sent':
      return waiting;
    case 'disputed':
      return [
        text(`Disputed by ${state.dispute.byName}, ${at(state.dispute.at)}: ${state.dispute.reason}`),
        ...waiting,
      ];
    case 'signed':
      return [text(`Signed by ${state.signature.byName}, ${at(state.signature.at)}.`)];
  }
}

function progressBlock(period: Period, used: number): Block[] {
  const agreed = agreedOf(period);
  if (agreed === null) return [];
  // A bar ends at 100 per cent: what goes beyond it is said.
  const over = notAgreedOf(period);
  const label = over ? `Used of what is agreed, and ${timeText(over)} beyond it` : 'Used of what is agreed';
  return [{ kind: 'progress', label, percent: Math.min(100, Math.floor((100 * used) / agreed)) }];
}

function factsOf(period: Period, used: number, actor: Actor): { label: string; value: string }[] {
  const { projectName, clientName, budget, approved, unbilled, invoiced } = period;
  const time = (minutes: number | null) => (minutes ? timeText(minutes) : null);
  const facts: [string, string | null][] = [
    ['Project', isTeam(actor) ? `${projectName} (${clientName})` : projectName],
    ['Budget', time(budget)],
    ['Approved beyond it', time(approved)],
    ['Used', timeText(used)],
    ['Not agreed on', time(notAgreedOf(period))],
    ['Does not count', isTeam(actor) ? time(unbilled) : null],
    ['Invoiced', time(invoiced?.minutes ?? null)],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

/** Who worked how much: the entries themselves are lists of pages. */
function peopleBlock({ entries }: Period, actor: Actor): Block[] {
  const sums = new Map<string, { name: string; minutes: number }>();
  for (const { personId, personName, minutes } of entries)
    sums.set(personId, { name: personName, minutes: (sums.get(personId)?.minutes ?? 0) + minutes });
  const items = [...sums]
    .sort(([, one], [, other]) => other.minutes - one.minutes)
    .map(([id, { name, minutes }]): ListItem => {
      const button = isTeam(actor) ? { button: personButton(id) } : {};
      return { text: name, detail: timeText(minutes), ...button };
    });
  return items.length ? [{ kind: 'list', title: 'Who', items }] : [];
}

/** What they worked in all projects. */
function personButton(person: string): Button {
  return { kind: 'button', label: 'Open', word: 'OPEN', press: { target: 'entry.of-person', input: { person } } };
}

function otherButtons(period: Period, actor: Actor): Button[] {
  const { id, projectId: project, month, invoiced, entries } = period;
  const isOpen = closedBy(period) === null;
  return [
    { kind: 'button', label: 'Entries', word: 'ENTRIES', press: { target: 'entry.of-period', input: { period: id } } },
    ...(invoiced === null && runsHours(actor) && entries.length ? [inMore(billButton(id))] : []),
    ...(invoiced ? [inMore(invoiceButton(invoiced.invoice))] : []),
    ...(isOpen && mayLog(actor, period) ? [inMore(logButton({ project }))] : []),
    ...(isOpen && runsHours(actor) ? [inMore(budgetButton({ project, month }))] : []),
    inMore({
      ...{ kind: 'button', label: 'Other months', word: 'MONTHS' },
      press: { target: 'period.of-project', input: { project } },
    }),
  ];
}

function invoiceButton(invoice: string): Button {
  return {
    kind: 'button',
    label: 'The invoice',
    word: 'INVOICE',
    press: { target: 'invoice.show', input: { invoice } },
  };
}

function inMore(button: Button): Button {
  return { ...button, place: 'more' };
}
