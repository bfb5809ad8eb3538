import { withdraw } from './decisions.ts';
import { requirement, withdrawn } from './requirement.ts';
import { isOver, mayAsk } from './rules.ts';
import { byOf } from './schema.ts';
import { dropSecrets } from './secrets.ts';
import { called } from './wording.ts';
import { writeRequirement } from './write.ts';

/** The firm does not need it any more. What was provided of it in secret is not kept. */
export const withdrawRequirement = requirement.command({
  name: 'requirement.withdraw',
  button: { label: 'Withdraw', style: 'danger', place: 'more' },
  rank: 7,
  who: mayAsk,
  when: (it) => !isOver(it),
  handle: async (context, _input, it) => {
    const { actor, now } = context;
    const after = { ...withdraw(it, byOf(actor), now), version: it.version + 1 };
    await writeRequirement(context, it, after);
    await dropSecrets(context, it);
    return {
      events: [withdrawn.of(it, after)],
      after,
      say: `${called(after)} is withdrawn; ${after.clientName} is not asked for it any more.`,
    };
  },
});
