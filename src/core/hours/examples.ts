import type { Examples } from '../../testing/examples.ts';

/** Each of the examples is of a month of its own, because a project has one of each, and a signed one stays signed. */
let months = 0;

function nextMonth(): string {
  months += 1;
  return new Date(Date.UTC(1500, months, 1)).toISOString().slice(0, 7);
}

export const examples: Examples = {
  make: async ({ client, firm, mark, owner, run }) => {
    const { project } = client;
    const [month, other, third, fourth, fifth] = [nextMonth(), nextMonth(), nextMonth(), nextMonth(), nextMonth()];
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
    // Sent, and asked, so long ago that the client is to be reminded.
    const { period: forgotten } = await log(fourth);
    await run('admin', 'period.send', { period: forgotten, version: '2' });
    await owner(`update hours_period set sent_at = now() - interval '4 days' where id = $1`, [forgotten]);
    const { period: unanswered } = await run('admin', 'hours.set-budget', { project, month: fifth, budget: '1h' });
    const [old] = await owner(
      `insert into hours_overrun (tenant_id, id, client_id, project_id, period_id, month, minutes, reason, agreed, used, asked_by, asked_by_name, asked_at)
        select tenant_id, gen_random_uuid(), client_id, project_id, id, month, 60, $2, 60, 60, $3, 'Ada Admin', now() - interval '4 days'
        from hours_period where id = $1 returning id`,
      [unanswered, `A third header for ${mark}`, firm.admin],
    );
    const made = { entry, period, sent, hash, overrun, month, person: firm.member, forgotten, old: old?.id };
    return made as Record<string, string>;
  },
  more: {
    'hours.log': { input: { time: '1m', note: 'A call' } },
    'hours.set-budget': { input: { budget: '30h' } },
    'entry.change': { input: { time: '1:30' } },
    'entry.of-period': { input: ({ sent = '' }) => ({ period: sent }) },
    'period.remind': { input: ({ forgotten = '' }) => ({ period: forgotten }) },
    'overrun.remind': { input: ({ old = '' }) => ({ overrun: old }) },
    'period.ask-overrun': { input: { time: '5h' } },
    'period.sign': { after: [['admin', 'period.send']] },
    'period.dispute': { after: [['admin', 'period.send']] },
  },
};
