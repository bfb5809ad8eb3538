import { LEVELS, MODULES } from '../kernel/actor.ts';
import { choice } from '../kernel/field.ts';
import { grantChanged, person } from './person.ts';
import { isAdmin } from './rules.ts';

/** Overrides what a person may do in one module (A4); `role` gives it back to the role. */
export const setGrant = person.command({
  name: 'people.set-grant',
  fields: {
    module: choice(MODULES, { label: 'Module' }),
    level: choice([...LEVELS, 'role'], { label: 'May', hint: '“Role” gives it back to their role.' }),
  },
  version: 'optional',
  button: { label: 'Set rights', word: 'RIGHTS', place: 'more' },
  rank: 2,
  assurance: 'chat',
  who: isAdmin,
  decide: (it, { module, level }) => {
    const { [module]: _before, ...others } = it.grants;
    return { ...it, grants: level === 'role' ? others : { ...others, [module]: level } };
  },
  event: (before, after, { module, level }) => grantChanged.of(before, after, { module, level }),
  say: ({ name, grants }) => {
    const own = Object.entries(grants).map(([module, level]) => `${level} in ${module}`);
    return own.length ? `${name} may ${own.join(', ')}; the role decides the rest.` : `${name}’s role decides again.`;
  },
});
