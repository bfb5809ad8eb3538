import { randomUUID } from 'node:crypto';
import type { Examples } from '../../testing/examples.ts';

const newAddress = () => `C-${randomUUID()}`;

export const examples: Examples = {
  make: async ({ client, firm, mark, owner, run }) => {
    const { id: project } = await run('admin', 'project.open', { client: client.id, name: `Website of ${mark}` });
    for (const role of ['approver', 'viewer', 'feedback'] as const)
      await run('admin', 'people.join-project', { person: client[role], project, role });
    await run('admin', 'project.add-phase', { project, name: 'Build' });
    const [phase] = await owner('select id from phase where project_id = $1', [project]);
    const place = { channel: 'slack', account: firm.tenantId };
    const bound = { ...place, address: newAddress(), name: `#${mark}`, audience: 'internal', client: client.id };
    const { id: room } = await run('admin', 'project.bind-room', bound);
    return { project, phase: phase?.id, room, ...place } as Record<string, string>;
  },
  more: {
    'project.set-stage': { input: { stage: 'launch' } },
    'project.report-progress': { input: { percent: '40' } },
    'project.count-progress': {
      after: [
        ['admin', 'project.report-progress'],
        ['admin', 'task.add'],
      ],
    },
    'project.bind-room': { input: () => ({ address: newAddress(), name: '#new', audience: 'internal' }) },
    'project.bind-here': { input: { readers: 'internal' } },
    'project.note-room-fault': { input: { reason: 'Parley was removed from the channel.' } },
    'project.mend-room': { after: [['system', 'project.note-room-fault']] },
    'project.mend-rooms': { after: [['system', 'project.note-room-fault']] },
  },
};
