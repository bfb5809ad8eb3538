import { mayIssue } from '../invoices/index.ts';
import { nameOf } from '../kernel/actor.ts';
import { todayOf } from '../kernel/dates.ts';
import { text } from '../kernel/field.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { MOST_AT_ONCE } from './bill-subscription.ts';
import { draftPeriods } from './billing.ts';
import { duePeriods } from './periods.ts';
import { writeSubscription } from './queries.ts';
import type { Subscription } from './schema.ts';
import { billed, ended, subscription } from './subscription.ts';
import { calledOf } from './wording.ts';

/** No later period is billed. What has begun already is, though nobody drafted it yet. */
export const endSubscription = subscription.command({
  name: 'subscription.end',
  fields: { reason: text({ label: 'Why?', least: 3, hint: 'The client sees this.' }) },
  button: { label: 'End it', style: 'danger', word: 'END' },
  rank: 1,
  form: (it) => ({
    title: `End ${calledOf(it)}`,
    lead: 'Periods that have begun are billed all the same. It cannot be begun again: quote it anew for that.',
    submit: 'End it',
  }),
  who: mayIssue,
  when: ({ state }) => state.status === 'running',
  handle: async (context, { reason }, it) => {
    const { actor, now } = context;
    const due = duePeriods(it, todayOf(now, it.timezone), MOST_AT_ONCE + 1);
    if (due.length > MOST_AT_ONCE)
      throw refusal(
        subscription,
        it,
        `More than ${MOST_AT_ONCE} periods of it are still drafted. Try again in some minutes.`,
      );
    const { after: drawn, invoices, events } = await draftPeriods(context, it, due);
    const state: Subscription['state'] = { status: 'ended', byName: nameOf(actor), at: now, reason };
    const after: Subscription = { ...drawn, version: it.version + 1, state };
    await writeSubscription(context, it, after);
    const last = due.length ? [billed.of(it, after, { invoices }), ...events] : [];
    const say = `${calledOf(it)} is ended. ${it.clientName} sees the reason.`;
    return { events: [ended.of(it, after, { reason }), ...last], after, say };
  },
});
