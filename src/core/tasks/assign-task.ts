import { z } from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { participantNamed, participantsOf } from '../people/index.ts';
import { assign } from './decisions.ts';
import { writeTask } from './rows.ts';
import { canGoOn, runsTasks } from './rules.ts';
import { assigned, task } from './task.ts';

const NOBODY = 'nobody';

/** Says who is to do it: somebody of the team, or of the client's people where the client sees it. They are told. */
export const assignTask = task.command({
  name: 'task.assign',
  fields: {
    person: z
      .union([z.literal(NOBODY), z.uuid()], 'choose somebody')
      .meta({ label: 'Who?', choices: [{ value: NOBODY, label: 'Nobody' }] }),
  },
  button: { label: 'Assign' },
  rank: 5,
  form: async (it, context) => ({
    title: `Who does T${it.number}?`,
    submit: 'Assign',
    values: { person: it.assignee?.id ?? null },
    ...(it.internal ? { hints: { person: 'Only the team, because the client does not see it.' } } : {}),
    choices: {
      person: [
        { value: NOBODY, label: 'Nobody' },
        ...(await participantsOf(context, it))
          .filter(({ side }) => side === 'staff' || !it.internal)
          .map(({ id, name, side }) => ({ value: id, label: side === 'staff' ? name : `${name} (client)` })),
      ],
    },
  }),
  who: runsTasks,
  when: canGoOn,
  handle: async (context, { person }, it) => {
    const assignee = person === NOBODY ? null : await participantNamed(context, it, person);
    // One answer for whoever is not there, of another client, or without the right: it tells nothing of other clients.
    if (person !== NOBODY && !assignee) throw notHere('They do not work on this project.');
    if (assignee?.side === 'contact' && it.internal)
      throw notHere('They do not see this task. Share it with the client first.');
    if ((assignee?.id ?? null) === (it.assignee?.id ?? null))
      throw refusal(task, it, `T${it.number} is ${assignee ? `${assignee.name}’s` : 'nobody’s'} already.`);
    const after = { ...assign(it, assignee), version: it.version + 1 };
    await writeTask(context, it, after);
    const isSelf = context.actor.kind === 'person' && context.actor.personId === assignee?.id;
    const told = isSelf ? null : (assignee?.id ?? null);
    const say = assignee ? `T${it.number} is ${assignee.name}’s now.` : `T${it.number} is nobody’s now.`;
    return { events: [assigned.of(it, after, { told })], after, say };
  },
});

function notHere(say: string): DomainError {
  return new DomainError('invalid', say, { fields: { person: say } });
}
