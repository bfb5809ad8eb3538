import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { looked } from './look.ts';

/** Records that a page was opened in a look, before it is shown. */
export const noteLook = command({
  name: 'people.note-look',
  input: z.strictObject({ look: z.uuid(), page: z.string().max(200) }),
  load: async ({ sql, now }, { look }) =>
    (
      await sql<{ person: string; staff: string; client: string }>`
        select person_id as person, staff_id as staff, client_id as client from look where id = ${look} and ends_at > ${now} for update`
    )[0] ?? null,
  policy: isSystem,
  handle: async ({ sql }, { look, page }, { person, staff, client }) => {
    await sql`update look set pages = pages + 1 where id = ${look}`;
    return {
      events: [looked.of({ entity: 'look', id: look }, { person, staff, page }, { clientId: client })],
      output: { look },
    };
  },
  reply: ({ look }) => sentence('look', look, 'It is noted.'),
});
