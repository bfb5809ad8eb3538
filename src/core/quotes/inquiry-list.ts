import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { ListItem } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import { instant } from '../kernel/instant.ts';
import { list } from '../kernel/list.ts';
import { when } from '../kernel/list-page.ts';
import { isFirm, isTeam } from '../people/index.ts';
import { inquiry as thing } from './inquiry.ts';
import { INQUIRY_STATUSES, Inquiry } from './inquiry-schema.ts';
import { LABELS } from './inquiry-view.ts';
import { readableProjects } from './rules.ts';

const ListedInquiry = Inquiry.pick({ id: true, title: true, status: true, byName: true }).extend({
  clientName: z.string().describe('What the client is called'),
  projectName: z.string().describe('What the project is called'),
  createdAt: instant().describe('When they asked'),
  askedOn: z.string().describe('The same as a day on the calendar of the client, YYYY-MM-DD'),
});
type ListedInquiry = z.infer<typeof ListedInquiry>;

/** What clients would like a quote for, the newest first. */
export const listInquiries = list({
  name: 'inquiry.list',
  module: 'messages',
  filters: { status: optional(choice(INQUIRY_STATUSES, { label: 'Status', labels: LABELS })) },
  item: ListedInquiry,
  summary: z.strictObject({}),
  order: { by: { createdAt: 'instant', id: 'id' }, isDown: true },
  rows: ({ actor }, page, { status }) => {
    const projects = readableProjects(actor, 'messages');
    return page<ListedInquiry>`
      select i.id, i.title, i.status, i.by_name as "byName", i.created_at as "createdAt",
        (select c.name from client c where c.tenant_id = i.tenant_id and c.id = i.client_id) as "clientName",
        (select to_char(i.created_at at time zone c.timezone, 'YYYY-MM-DD') from client c
          where c.tenant_id = i.tenant_id and c.id = i.client_id) as "askedOn",
        (select p.name from project p where p.tenant_id = i.tenant_id and p.id = i.project_id) as "projectName"
      from inquiry i
      where i.tenant_id = ${actor.tenantId} ${when(status !== undefined)`and i.status = ${status}`}
        and (${projects}::uuid[] is null or i.project_id = any(${projects}::uuid[]))`;
  },
  summarize: async () => ({}),
  face: (_list, { actor }) => ({
    title: 'Quotes that are wanted',
    line: (item) => lineOf(item, actor),
    empty: isFirm(actor) ? 'No client has asked for a quote yet.' : 'Nobody has asked for a quote yet.',
    actions: isFirm(actor)
      ? []
      : [{ kind: 'button', label: 'Ask for a quote…', word: 'ASK', press: { target: 'quote.request', input: {} } }],
    fallback: 'Quotes that are wanted.',
  }),
});

function lineOf(
  { id, title, status, clientName, projectName, byName, askedOn }: ListedInquiry,
  actor: Actor,
): ListItem {
  const whose = isTeam(actor) ? [clientName] : [];
  return {
    text: title,
    detail: [LABELS[status], ...whose, projectName, `${byName} asked on ${dayText(askedOn)}`].join(' · '),
    mark: status === 'open' ? 'open' : 'done',
    button: thing.opening(id),
  };
}
