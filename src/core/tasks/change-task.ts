import { todayOf } from '../kernel/dates.ts';
import { clearable, optional } from '../kernel/field.ts';
import { description, due, title } from './add-task.ts';
import { isUnfinished, requireComing, runsTasks } from './rules.ts';
import { changed, task } from './task.ts';

/** Says anew what is to be done, and until when. A day that is over stays where nobody touches it. */
export const changeTask = task.command({
  name: 'task.change',
  fields: { title: optional(title), description: clearable(description), due: clearable(due) },
  button: { label: 'Change', place: 'more' },
  rank: 6,
  form: ({ number, title, description, dueOn }) => ({
    title: `Change T${number}`,
    submit: 'Save',
    values: { title, description, due: dueOn },
  }),
  who: runsTasks,
  when: isUnfinished,
  decide: (it, { title, description, due }, { actor, now }) => {
    if (due !== it.dueOn) requireComing(due, todayOf(now, actor.timezone));
    return {
      ...it,
      title: title ?? it.title,
      description: description === undefined ? it.description : description,
      dueOn: due === undefined ? it.dueOn : due,
    };
  },
  event: changed,
  say: ({ number }) => `T${number} is changed.`,
});
