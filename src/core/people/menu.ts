import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { MenuItem } from '../kernel/registry.ts';
import { isAdmin } from './person.ts';
import { isFirm } from './policies.ts';

const leads = (actor: Actor) => isAdmin(actor) || (actor.kind === 'person' && actor.role === 'partner');
const manages = (actor: Actor) => isFirm(actor) || (actor.kind === 'person' && actor.role === 'client_admin');
const item = (label: string, target: string, who: (actor: Actor) => boolean): MenuItem => ({
  label,
  press: { target, input: {} },
  who,
});

export const menu: readonly MenuItem[] = [
  item('Clients', 'client.list', isFirm),
  item('People', 'person.list', isFirm),
  item('Add a client…', 'people.add-client', leads),
  item('Add somebody to the team…', 'people.add-staff', isAdmin),
  item('Invite somebody of a client…', 'people.add-contact', manages),
  item('Assign a client…', 'people.assign', leads),
  item('Give a role in a project…', 'people.join-project', manages),
  item('Change a role…', 'people.change-role', manages),
  item('End somebody’s access…', 'people.deactivate', manages),
];

/** As many as the tightest form can hold (Slack: 100 options); the rest is reached from its own card. */
const MOST = 100;

export async function clientChoices({ sql }: Context) {
  return sql<{ value: string; label: string }>`
    select id as value, name as label from client order by lower(name), id limit ${MOST}`;
}

export async function personChoices({ sql, actor }: Context) {
  return sql<{ value: string; label: string }>`
    select p.id as value, p.name || coalesce(' (' || c.name || ')', '') as label
    from person p left join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    where p.tenant_id = ${actor.tenantId} and p.active order by lower(p.name), p.id limit ${MOST}`;
}
