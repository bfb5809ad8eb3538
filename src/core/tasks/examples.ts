import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ client, firm, mark, run }) => {
    const { phase } = await run('admin', 'project.add-phase', { project: client.project, name: `Build of ${mark}` });
    const title = `Send the logos of ${mark}`;
    const { id: task } = await run('admin', 'task.add', { project: client.project, title, seen_by: 'client' });
    await run('admin', 'task.assign', { task, version: '1', person: client.approver });
    return { task, phase, person: firm.member, holder: client.approver } as Record<string, string>;
  },
  more: {
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
