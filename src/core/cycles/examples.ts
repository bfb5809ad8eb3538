import type { Example, Examples } from '../../testing/examples.ts';

/** Over by now, so that the schedule may open its review. */
const DAYS = { startsOn: '2026-10-05', endsOn: '2026-10-30' };

type Steps = NonNullable<Example['after']>;
const signed: Steps = [
  ['admin', 'cycle.approve'],
  ['approver', 'cycle.approve'],
];
const begun: Steps = [...signed, ['admin', 'cycle.start']];
const inReview: Steps = [...begun, ['admin', 'cycle.open-review']];

export const examples: Examples = {
  make: async ({ client, mark, owner, run }) => {
    const content = {
      name: `Checkout of ${mark}`,
      ...DAYS,
      deliverables: 'Basket',
    };
    const { cycle, hash } = await run('admin', 'cycle.plan', { project: client.project, ...content });
    await run('admin', 'cycle.reply', { cycle, body: `In time, ${mark}.` });
    const [message] = await owner('select id from message where cycle_id = $1', [cycle]);
    // Planned so long ago that the client is to be reminded.
    const old = await run('admin', 'cycle.plan', { project: client.project, ...content, name: `Search of ${mark}` });
    await owner(`update cycle_version set created_at = now() - interval '3 days' where cycle_id = $1`, [old.cycle]);
    return {
      forgotten: old.cycle,
      client: client.id,
      cycle,
      hash,
      message: message?.id,
      signer: client.approver,
    } as Record<string, string>;
  },
  more: {
    'cycle.plan': { input: DAYS },
    'cycle.agree': { input: { side: 'client', name: 'Acme Approver', through: 'slack', assurance: 'chat' } },
    'cycle.start': { after: signed },
    'cycle.follow-scope': { after: signed },
    'cycle.count-progress': { after: [...signed, ['system', 'cycle.follow-scope']] },
    'cycle.open-review': { after: begun },
    'cycle.complete': { after: inReview },
    'cycle.remind-approval': { input: ({ forgotten = '' }) => ({ cycle: forgotten }) },
    'cycle.remind': { after: inReview },
    'cycle.dispute': { after: inReview },
    'cycle.resolve': { after: [...inReview, ['approver', 'cycle.dispute']] },
    'cycle.edit-scope': { input: { ...DAYS, name: 'Checkout, second part' } },
  },
};
