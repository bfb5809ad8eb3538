import { z } from 'zod';
import { linked as decide } from './decide.ts';
import { moment } from './given.ts';
import { linked, payment } from './payment.ts';
import { isTool } from './rules.ts';
import { called } from './wording.ts';

/** The link is made: whoever asked for it gets it. */
export const noteLink = payment.command({
  name: 'payment.note-link',
  given: {
    url: z.url({ protocol: /^https?$/, error: 'is no address' }).max(2_000),
    expires: moment,
  },
  version: 'optional',
  button: [],
  who: isTool,
  when: ({ status }) => status === 'asked' || 'it has a link already, or needs none any more',
  decide: (it, { url, expires }) => decide(it, { url, expiresAt: new Date(expires) }),
  event: (before, after) => linked.of(before, after, { tell: after.personId }),
  say: (it) => `The link of ${called(it)} is made.`,
});
