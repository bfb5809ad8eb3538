import type { Schedule } from '../kernel/registry.ts';

/** When a month is over on the client's calendar, its hours wait to be sent: the team is told once. */
export const hoursSchedule: Schedule = {
  name: 'hours',
  cron: '20 * * * *',
  candidates: 'parley_due_hours',
  due: async (_context, ids) =>
    ids.map((id) => ({ name: 'period.remind-unsent', input: { period: id }, requestId: `unsent:${id}` })),
};
