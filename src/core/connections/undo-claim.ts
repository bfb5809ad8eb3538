import { z } from 'zod';
import { refusal } from '../kernel/thing-definition.ts';
import { connection } from './connection.ts';
import { givenUp } from './drop-connection.ts';
import { readPosted } from './queries.ts';
import { mends } from './rules.ts';

/**
 * Takes back what a posted code connected. As it undoes that alone, a link in a mail is sure enough for it: of a firm without
 * a triage room the administrators hear by mail.
 */
export const undoClaim = connection.command({
  name: 'connection.undo',
  given: { code: z.uuid('is not a code') },
  who: mends,
  handle: async (context, { code }, it) => {
    const posted = await readPosted(context, code);
    if (posted?.connection !== it.id || !posted.isLast)
      throw refusal(connection, it, 'It was connected again since, so there is nothing of that code to undo.');
    return givenUp(context, it);
  },
});
