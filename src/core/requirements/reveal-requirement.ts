import { requirement, revealed } from './requirement.ts';
import { hasSecret, mayReveal } from './rules.ts';
import { noteLook, readSecret } from './secrets.ts';
import { called } from './wording.ts';

/** Shows what is secret to one person, once, on a page of theirs; and puts that on record. */
export const revealRequirement = requirement.command({
  name: 'requirement.reveal',
  // It changes nothing that somebody could have seen differently: presses on older cards stay good.
  version: 'optional',
  onPage: true,
  button: { label: 'Show the secret', word: 'SECRET' },
  rank: 3,
  who: mayReveal,
  when: hasSecret,
  handle: async (context, _input, it) => {
    const text = await readSecret(context, it);
    const after = await noteLook(context, it);
    return {
      events: [revealed.of(it, after)],
      after,
      say: `You looked at the secret of ${called(it)}. That is on record.`,
      shown: {
        label: `The secret of ${called(it)}`,
        text,
        note: 'It is shown this once. Whoever wants to see it again presses again, and each look is on record.',
      },
    };
  },
});
