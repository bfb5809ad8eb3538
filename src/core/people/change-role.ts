import { DomainError } from '../kernel/errors.ts';
import { choice } from '../kernel/field.ts';
import { person, roleChanged } from './person.ts';
import { isSelf, managesPerson } from './rules.ts';
import { CONTACT_ROLES, ROLE_NAMES, STAFF_ROLES } from './schema.ts';

/** Changes a person's role within their side. Staff roles are for admins; a client's roles also for its own admin. */
export const changeRole = person.command({
  name: 'people.change-role',
  fields: { role: choice([...STAFF_ROLES, ...CONTACT_ROLES], { label: 'Role', labels: ROLE_NAMES }) },
  version: 'optional',
  button: { label: 'Change role', word: 'ROLE' },
  rank: 1,
  form: ({ side, role }) => ({
    values: { role },
    choices: { role: rolesOf(side).map((value) => ({ value, label: ROLE_NAMES[value] })) },
  }),
  assurance: 'chat',
  who: managesPerson,
  when: (it, actor) =>
    isSelf(actor, it)
      ? 'nobody changes their own role. Ask another administrator'
      : it.active || 'their access has ended',
  decide: (it, { role }) => {
    const roles: readonly string[] = rolesOf(it.side);
    if (!roles.includes(role))
      throw new DomainError('invalid', `${it.name} is on the other side.`, {
        fields: { role: 'is a role of the other side' },
      });
    return { ...it, role };
  },
  event: roleChanged,
  say: ({ name, role }) => `${name} is ${ROLE_NAMES[role]} now.`,
});

function rolesOf(side: 'staff' | 'contact') {
  return side === 'staff' ? STAFF_ROLES : CONTACT_ROLES;
}
