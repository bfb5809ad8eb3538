import { z } from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { capital } from '../kernel/field.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { move } from './decisions.ts';
import { partNamed, partsOf } from './queries.ts';
import { writeTask } from './rows.ts';
import { isUnfinished, runsTasks } from './rules.ts';
import { moved, task } from './task.ts';

const NEITHER = 'neither';

/** Puts it into a phase or cycle of its project, or out of it. */
export const moveTask = task.command({
  name: 'task.move',
  fields: {
    part: z
      .union([z.literal(NEITHER), z.uuid()], 'choose a phase or cycle')
      .meta({ label: 'Part of', choices: [{ value: NEITHER, label: 'No phase or cycle' }] }),
  },
  button: { label: 'Part of', word: 'PART', place: 'more' },
  rank: 7,
  form: async ({ number, projectId, part }, context) => ({
    title: `T${number} is part of`,
    submit: 'Save',
    values: { part: part?.id ?? NEITHER },
    choices: {
      part: [
        { value: NEITHER, label: 'No phase or cycle' },
        ...(await partsOf(context, projectId)).map(({ kind, id, name }) => ({
          value: id,
          label: `${capital(kind)} · ${name}`,
        })),
      ],
    },
  }),
  who: runsTasks,
  when: isUnfinished,
  handle: async (context, { part }, it) => {
    const into = part === NEITHER ? null : await partNamed(context, it.projectId, part);
    if (part !== NEITHER && !into)
      throw new DomainError('invalid', 'This is no phase or cycle of the project.', {
        fields: { part: 'is not there' },
      });
    if ((into?.id ?? null) === (it.part?.id ?? null)) throw refusal(task, it, `T${it.number} is there already.`);
    const after = { ...move(it, into && { kind: into.kind, id: into.id }), version: it.version + 1 };
    await writeTask(context, it, after);
    const say = into ? `T${it.number} is part of ${into.name} now.` : `T${it.number} is part of no phase or cycle now.`;
    return { events: [moved.of(it, after, { fromCycle: it.part?.kind === 'cycle' ? it.part.id : null })], after, say };
  },
});
