import { isSystem } from '../kernel/actor.ts';
import { todayOf } from '../kernel/dates.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { draftPeriods } from './billing.ts';
import { duePeriods } from './periods.ts';
import { writeSubscription } from './queries.ts';
import { billed, subscription } from './subscription.ts';
import { calledOf } from './wording.ts';

/** As many as one transaction drafts; what is left is found by the next sweep. */
export const MOST_AT_ONCE = 12;

/** Drafts the invoice of each period that has begun where the client is, and was not billed. The firm looks at them and issues them. */
export const billSubscription = subscription.command({
  name: 'subscription.bill',
  version: 'optional',
  button: [],
  who: isSystem,
  when: ({ state }) => state.status === 'running',
  handle: async (context, _input, it) => {
    const due = duePeriods(it, todayOf(context.now, it.timezone), MOST_AT_ONCE);
    if (!due.length) throw refusal(subscription, it, `${calledOf(it)} is billed as far as it has begun.`);
    const { after, invoices, events } = await draftPeriods(context, it, due);
    await writeSubscription(context, it, after);
    const say = `${calledOf(it)}: ${due.length} ${due.length === 1 ? 'invoice is' : 'invoices are'} drafted.`;
    return { events: [billed.of(it, after, { invoices }), ...events], after, say };
  },
});
