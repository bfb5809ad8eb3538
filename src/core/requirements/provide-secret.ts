import { secret } from '../kernel/field.ts';
import { provide } from './decisions.ts';
import { provided, requirement } from './requirement.ts';
import { canProvide, mayProvide } from './rules.ts';
import { byOf } from './schema.ts';
import { keepSecret } from './secrets.ts';
import { called } from './wording.ts';
import { writeRequirement } from './write.ts';

/** The client types something secret, on a page of their own. It is sealed before it is stored. */
export const provideSecret = requirement.command({
  name: 'requirement.provide-secret',
  fields: {
    secret: secret({
      label: 'The secret',
      hint: 'It is kept sealed. People of the firm look at it one at a time, and each look is on record.',
    }),
  },
  button: { label: 'Provide', style: 'primary' },
  rank: 1,
  form: (it) => ({ title: it.title, lead: it.details ?? '', submit: 'Keep it sealed' }),
  who: mayProvide,
  when: canProvide('secret'),
  handle: async (context, { secret }, it) => {
    const { actor, now } = context;
    const after = { ...provide(it, null, byOf(actor), now), version: it.version + 1 };
    await writeRequirement(context, it, after);
    await keepSecret(context, after, secret);
    return {
      events: [provided.of(it, after, { round: after.round })],
      after,
      say: `${called(after)} is provided and sealed; ${after.firmName} is told.`,
    };
  },
});
