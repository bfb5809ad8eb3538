import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { endpoint, failed } from './endpoint.ts';
import { caretakersOf, writeEndpoint } from './queries.ts';

/**
 * Notes that an endpoint is given up: it took nothing for days, or said that it is gone. What happens from then on waits, until
 * somebody puts it to use again. With the version that was tried: what was mended meanwhile is not given up.
 */
export const noteFailed = endpoint.command({
  name: 'endpoint.note-failed',
  given: { reason: z.string().min(1).max(500) },
  version: 'optional',
  button: [],
  who: isSystem,
  when: ({ status }) => status === 'active',
  handle: async (context, { reason }, it) => {
    const after = { ...it, status: 'failed' as const, fault: reason, version: it.version + 1 };
    await writeEndpoint(context, it, after);
    const tell = await caretakersOf(context, it);
    return { events: [failed.of(it, after, { reason, tell })], after, say: `${endpoint.called(it)} is given up.` };
  },
});
