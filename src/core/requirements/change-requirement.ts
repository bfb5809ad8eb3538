import { todayOf } from '../kernel/dates.ts';
import { clearable, optional } from '../kernel/field.ts';
import { details, due, options, readOptions, requireComing, title } from './asking.ts';
import { change } from './decisions.ts';
import { changed, requirement } from './requirement.ts';
import { isOpen, mayAsk } from './rules.ts';
import { called } from './wording.ts';

/** Says anew what is needed, and by when. A day that is over stays where nobody touches it. */
export const changeRequirement = requirement.command({
  name: 'requirement.change',
  fields: { title: optional(title), details: clearable(details), options: optional(options), due: clearable(due) },
  button: { label: 'Change', place: 'more' },
  rank: 6,
  form: (it) => ({
    title: `Change ${called(it)}`,
    submit: 'Save',
    values: { title: it.title, details: it.details, options: it.options.join('\n'), due: it.dueOn },
  }),
  who: mayAsk,
  when: isOpen,
  decide: (it, typed, { now }) => {
    if (typed.due !== it.dueOn) requireComing(typed.due, todayOf(now, it.timezone));
    return change(it, {
      title: typed.title ?? it.title,
      details: typed.details === undefined ? it.details : typed.details,
      options: typed.options === undefined ? it.options : readOptions(it.kind, typed.options),
      dueOn: typed.due === undefined ? it.dueOn : typed.due,
    });
  },
  event: changed,
  say: (after) => `${called(after)} is changed; ${after.clientName} sees it.`,
});
