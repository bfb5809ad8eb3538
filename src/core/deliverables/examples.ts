import type { Examples } from '../../testing/examples.ts';
import { seenHash } from './content.ts';

const LINK = 'https://example.com/draft';

export const examples: Examples = {
  make: async ({ client, mark, owner, run }) => {
    const days = { startsOn: '2026-10-05', endsOn: '2026-10-30', deliverables: 'Basket' };
    const { cycle } = await run('admin', 'cycle.plan', { project: client.project, name: `Cart of ${mark}`, ...days });
    const { id: deliverable, version } = await run('admin', 'deliverable.plan', {
      cycle,
      name: `Basket page of ${mark}`,
    });
    const work = { deliverable, version, link: LINK, note: `The first of ${mark}` };
    const { hash = '' } = await run('admin', 'deliverable.share', work);
    await run('admin', 'deliverable.reply', { deliverable, body: `In time, ${mark}.` });
    const [message] = await owner('select id from message where deliverable_id = $1', [deliverable]);
    // Shared so long ago that the client is to be reminded.
    await owner(`update deliverable_share set at = now() - interval '3 days' where deliverable_id = $1`, [deliverable]);
    const made = { deliverable, message: message?.id, hash: seenHash(hash), itsCycle: cycle };
    return made as Record<string, string>;
  },
  more: {
    'deliverable.of-cycle': { input: ({ itsCycle = '' }) => ({ cycle: itsCycle }) },
    'deliverable.plan': { input: ({ itsCycle = '' }) => ({ cycle: itsCycle, name: 'Checkout page' }) },
    'deliverable.share': { input: { link: LINK } },
    'deliverable.reopen': { after: [['admin', 'deliverable.withdraw']] },
  },
};
