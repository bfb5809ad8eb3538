import { z } from 'zod';
import { event } from '../kernel/event.ts';

const Press = z.strictObject({ target: z.string(), input: z.record(z.string(), z.string()) });

/** Somebody set how they are told. */
export const changed = event({
  name: 'notice.preferences-changed',
  data: z.strictObject({ what: z.string() }),
  says: ({ what }) => `set how they are told: ${what}`,
  audience: [],
});
/** Something that was held may be told now, or is to be told by another channel. Its person is asked for anew. */
export const released = event({
  name: 'notice.released',
  data: z.strictObject({
    person: z.uuid(),
    view: Press,
    about: z.strictObject({ entity: z.string(), id: z.uuid() }),
  }),
  says: () => 'told of what waited',
  audience: ({ data }) => [{ person: data.person, everywhere: true }],
});
/** What waited for somebody's digest is told together. */
export const digestDue = event({
  name: 'notice.digest-due',
  data: z.strictObject({
    person: z.uuid(),
    count: z.int(),
    failed: z.array(z.uuid()).describe('Rooms where it could not arrive'),
  }),
  says: ({ count }) => `gathered ${count} notices`,
  audience: ({ data }) => [{ person: data.person, everywhere: true }],
});
/** What waited is not told after all. */
export const dropped = event({
  name: 'notice.dropped',
  data: z.strictObject({ person: z.uuid(), count: z.int() }),
  says: ({ count }) => `dropped ${count} notices`,
  audience: [],
});
