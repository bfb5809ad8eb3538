import { drafted, plainLine, storeDraft } from '../invoices/index.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { Span } from './periods.ts';
import { insertPeriod } from './queries.ts';
import type { Subscription } from './schema.ts';

/** Drafts the invoices of periods, one for each, and notes which bills which. The subscription is locked. */
export async function draftPeriods(
  context: Context,
  it: Subscription,
  periods: readonly Span[],
): Promise<{ after: Subscription; invoices: string[]; events: NewEvent[] }> {
  const events: NewEvent[] = [];
  const invoices: string[] = [];
  for (const period of periods) {
    const made = await storeDraft(
      context,
      it,
      { kind: 'invoice', quoteId: it.quoteId, part: null },
      contentOf(it, period),
    );
    await insertPeriod(context, it, period, made.id);
    events.push(drafted.of(null, made));
    invoices.push(made.id);
  }
  return { after: { ...it, billed: it.billed + periods.length, version: it.version + 1 }, invoices, events };
}

/** What is billed, with the days for which it is. */
function contentOf({ title, content }: Subscription, { from, to }: Span) {
  const days = `${dayText(from)} to ${dayText(to)}`;
  const lines = content.lines.map((line) => plainLine({ ...line, text: `${line.text}, ${days}` }));
  return { title, currency: content.currency, rounding: content.rounding, lines };
}
