import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ client, firm, mark, run }) => {
    const { phase } = await run('admin', 'project.add-phase', { project: client.project, name: `Build of ${mark}` });
    const title = `Send the logos of ${mark}`;
    const { id: task } = await run('admin', 'task.add', { project: client.project, title, seen_by: 'client' });
    await run('admin', 'task.assign', { task, version: '1', person: client.approver });
    const days = { startsOn: '2026-10-05', endsOn: '2026-10-30', deliverables: 'Basket' };
    const planned = { project: client.project, name: `Checkout of ${mark}`, ...days };
    const { cycle: itsCycle } = await run('admin', 'cycle.plan', planned);
    return { task, phase, itsCycle, person: firm.member, holder: client.approver } as Record<string, string>;
  },
  more: {
    'task.of-cycle': { input: ({ itsCycle = '' }) => ({ cycle: itsCycle }) },
    'task.add': { input: { title: 'Write the texts' } },
    'task.unblock': { after: [['admin', 'task.block']] },
    'task.reopen': { after: [['admin', 'task.finish']] },
    'task.change': { input: { title: 'Send the logos, please' } },
    'task.move': { input: ({ phase = '' }) => ({ part: phase }) },
    'task.share': {
      after: [
        ['admin', 'task.assign'],
        ['admin', 'task.make-internal'],
      ],
    },
    'task.make-internal': { after: [['admin', 'task.assign']] },
    'task.release': { input: ({ holder = '' }) => ({ person: holder }) },
  },
};
