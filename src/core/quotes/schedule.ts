import type { Schedule } from '../kernel/registry.ts';

/** Offers end by themselves when their last day is over on the client's calendar. */
export const quoteSchedule: Schedule = {
  name: 'quotes',
  cron: '*/5 * * * *',
  candidates: 'parley_due_quotes',
  due: async (_context, ids) =>
    ids.map((id) => ({ name: 'quote.expire', input: { quote: id }, requestId: `expire:${id}` })),
};
