import type { Examples } from '../../testing/examples.ts';

/** Each of the examples is of a month of its own, because a project has one of each, and a signed one stays signed. */
let months = 0;

function nextMonth(): string {
  months += 1;
  return new Date(Date.UTC(1500, months, 1)).toISOString().slice(0, 7);
}

export const examples: Examples = {
  make: async ({ client, firm, mark, run }) => {
    const { project } = client;
    const [month, other, third] = [nextMonth(), nextMonth(), nextMonth()];
    // The member works for this client alone.
    const worked = client === firm.acme ? { person: firm.member } : {};
    const log = (of: string) =>
      run('admin', 'hours.log', { project, time: '2h', note: `Header of ${mark}`, day: `${of}-12`, ...worked });
    const { entry, period } = await log(month);
    await run('admin', 'hours.set-budget', { project, month, budget: '40h' });
    // One that was sent, and one with a request that nobody has answered.
    const { period: sent } = await log(other);
    const { hash } = await run('admin', 'period.send', { period: sent, version: '2' });
    const { period: asking } = await run('admin', 'hours.set-budget', { project, month: third, budget: '1h' });
    const { overrun } = await run('admin', 'period.ask-overrun', {
      ...{ period: asking, time: '5h', reason: `A second header for ${mark}` },
    });
    return { entry, period, sent, hash, overrun, month, person: firm.member } as Record<string, string>;
  },
  more: {
    'hours.log': { input: { time: '1m', note: 'A call' } },
    'hours.set-budget': { input: { budget: '30h' } },
    'entry.change': { input: { time: '1:30' } },
    'entry.of-period': { input: ({ sent = '' }) => ({ period: sent }) },
    'period.ask-overrun': { input: { time: '5h' } },
    'period.sign': { after: [['admin', 'period.send']] },
    'period.dispute': { after: [['admin', 'period.send']] },
  },
};
