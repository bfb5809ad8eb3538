import { z } from 'zod';
import { mayBill } from '../invoices/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Button, ListItem } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { isTeam } from '../people/index.ts';
import { mayRead, readableProjects } from '../quotes/index.ts';
import { LABELS } from './cards.ts';
import type { Status } from './schema.ts';
import { ListedSubscription, STATUSES } from './schema.ts';
import { subscription as thing } from './subscription.ts';
import { EVERY_SAYS } from './wording.ts';

/** What is billed again and again, of all that the actor may see: the newest first. */
export const listSubscriptions = list({
  name: 'subscription.list',
  module: 'billing',
  word: { say: 'subscriptions', label: 'Subscriptions', about: 'what is billed again and again' },
  filters: { status: optional(choice(STATUSES, { label: 'State', labels: LABELS })) },
  item: ListedSubscription,
  summary: z.strictObject({}),
  order: { by: { createdAt: 'instant', id: 'id' }, isDown: true },
  rows: pageOfSubscriptions,
  summarize: async () => ({}),
  face: (_list, { actor }) => ({
    title: 'Subscriptions',
    line: (item) => lineOf(item, actor),
    empty: 'Nothing is billed again and again yet. It begins with a quote that is accepted.',
    actions: mayBill(actor) ? [BEGIN] : [],
    fallback: 'Subscriptions.',
  }),
});

const BEGIN: Button = {
  kind: 'button',
  label: 'Bill a quote again and again…',
  word: 'BEGIN',
  press: { target: 'subscription.begin', input: {} },
};

function pageOfSubscriptions(
  { actor }: Context,
  page: Page,
  { status }: { status?: Status | undefined },
): Promise<ListedSubscription[]> {
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  const client = actor.kind === 'person' ? actor.clientId : null;
  return page<ListedSubscription>`
    select s.id, s.title, s.every, s.status, s.starts_on as "startsOn", s.created_at as "createdAt",
      (select c.name from client c where c.tenant_id = s.tenant_id and c.id = s.client_id) as "clientName",
      (select p.name from project p where p.tenant_id = s.tenant_id and p.id = s.project_id) as "projectName"
    from subscription s
    where s.tenant_id = ${actor.tenantId} ${when(client !== null)`and s.client_id = ${client}`} ${when(status !== undefined)`and s.status = ${status}`}
      and case when s.project_id is null then ${ofClient} else ${projects}::uuid[] is null or s.project_id = any(${projects}::uuid[]) end`;
}

function lineOf(
  { id, title, every, status, startsOn, clientName, projectName }: ListedSubscription,
  actor: Actor,
): ListItem {
  const detail = [
    LABELS[status],
    EVERY_SAYS[every],
    `from ${dayText(startsOn)}`,
    ...(isTeam(actor) ? [clientName] : []),
    ...(projectName ? [projectName] : []),
  ];
  return {
    text: title,
    detail: detail.join(' · '),
    mark: status === 'running' ? 'open' : 'done',
    button: thing.opening(id),
  };
}
