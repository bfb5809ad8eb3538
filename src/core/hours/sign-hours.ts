import { z } from 'zod';
import { timeText } from './duration.ts';
import { sign as decide, usedOf } from './month.ts';
import { period, signed } from './period.ts';
import { changedSince, periodToSign, writePeriod } from './period-queries.ts';
import { byOf } from './period-schema.ts';
import { isSent, mayAnswer } from './rules.ts';
import { called } from './wording.ts';

/** The client's approver signs the hours that were on the screen, named by their hash. */
export const signHours = period.command({
  name: 'period.sign',
  given: { hash: z.string().regex(/^[\w-]{43}$/, 'is not a hash of ours') },
  // The hash says what is signed.
  version: 'optional',
  button: { label: 'Sign', style: 'primary', gives: ({ hash }) => ({ hash }) },
  rank: 1,
  signs: true,
  lock: periodToSign,
  who: mayAnswer,
  when: isSent,
  handle: async (context, { hash }, it) => {
    const changes = hash === it.hash ? [] : await changedSince(context, it);
    const after = { ...decide(it, { hash, changes }, byOf(context.actor), context.now), version: it.version + 1 };
    await writePeriod(context, it, after);
    const say = `${called(after)} is signed: ${timeText(usedOf(after))}. Thank you!`;
    return { events: [signed.of(it, after)], after, say };
  },
});
