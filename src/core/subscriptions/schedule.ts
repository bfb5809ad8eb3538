import type { Schedule } from '../kernel/registry.ts';
import { readSubscription } from './queries.ts';

/** As a period begins on the client's calendar, it is billed. */
export const subscriptionSchedule: Schedule = {
  name: 'subscriptions',
  cron: '*/5 * * * *',
  candidates: 'parley_due_subscriptions',
  // The request names the first period that is billed by it, so that whoever asks a second time is told what was done.
  due: async (context, ids) => {
    const all = await Promise.all(ids.map((id) => readSubscription(context, id)));
    return all.flatMap((it) =>
      it
        ? [{ name: 'subscription.bill', input: { subscription: it.id }, requestId: `bill:${it.id}:${it.billed}` }]
        : [],
    );
  },
};
