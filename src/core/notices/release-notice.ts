import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { released } from './events.ts';
import { lockNotice } from './rows.ts';

/** Lets go of what was held until now. How it is told is decided anew where its event is handed on. */
export const releaseNotice = command({
  name: 'notice.release',
  input: z.strictObject({ notice: z.uuid() }),
  load: async ({ sql, actor, now }, { notice }) => {
    const it = await lockNotice(sql, actor.tenantId, notice);
    return it?.decision === 'held' && it.dueAt && it.dueAt <= now ? it : null;
  },
  policy: isSystem,
  handle: async (_context, _input, it) => {
    const { id, personId, view, entity, entityId, clientId, projectId } = it;
    const within = { ...(clientId ? { clientId } : {}), ...(projectId ? { projectId } : {}) };
    const about = { entity, id: entityId };
    return {
      events: [released.of({ entity: 'notice', id }, { person: personId, view, about }, within)],
      output: { id },
    };
  },
  reply: ({ id }) => sentence('notice', id, 'It is told now.'),
});
