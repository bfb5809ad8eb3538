import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { ListItem } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import { isTeam } from '../people/index.ts';
import { LABELS, money } from './cards.ts';
import { quote as thing } from './quote.ts';
import { mayDraft, mayRead, readableProjects } from './rules.ts';
import { ListedQuote, STATUSES } from './schema.ts';
import { called } from './wording.ts';

/** The quotes that the actor may see, the newest first. */
export const listQuotes = list({
  name: 'quote.list',
  module: 'billing',
  word: { say: 'quotes', label: 'Quotes', about: 'what was offered, and what became of it' },
  filters: { status: optional(choice(STATUSES, { label: 'Status', labels: LABELS })) },
  item: ListedQuote,
  summary: z.strictObject({}),
  order: { by: { createdAt: 'instant', id: 'id' }, isDown: true },
  rows: pageOfQuotes,
  summarize: async () => ({}),
  face: (_list, { actor }) => ({
    title: 'Quotes',
    line: (item) => lineOf(item, actor),
    empty: mayDraft(actor) ? 'No quotes yet. Draft the first one.' : 'No quotes yet. Ask for one.',
    actions: [
      mayDraft(actor)
        ? { kind: 'button', label: 'Draft a quote…', word: 'DRAFT', press: { target: 'quote.draft', input: {} } }
        : { kind: 'button', label: 'Ask for a quote…', word: 'ASK', press: { target: 'quote.request', input: {} } },
    ],
    fallback: 'Quotes.',
  }),
});

function pageOfQuotes(
  { actor }: Context,
  page: Page,
  { status }: { status?: string | undefined },
): Promise<ListedQuote[]> {
  const projects = readableProjects(actor, 'billing');
  const ofClient = mayRead(actor, { projectId: null });
  return page<ListedQuote>`
    select q.id, q.number, q.title, q.status, (select c.name from client c where c.tenant_id = q.tenant_id and c.id = q.client_id) as "clientName",
      (select p.name from project p where p.tenant_id = q.tenant_id and p.id = q.project_id) as "projectName",
      q.content ->> 'currency' as currency, q.gross, q.content ->> 'expiresOn' as "expiresOn", q.created_at as "createdAt"
    from quote q
    where q.tenant_id = ${actor.tenantId} ${when(status !== undefined)`and q.status = ${status}`}
      and case when q.project_id is null then ${ofClient} else ${projects}::uuid[] is null or q.project_id = any(${projects}::uuid[]) end`;
}

function lineOf(item: ListedQuote, actor: Actor): ListItem {
  const { id, title, status, clientName, projectName, gross, currency, expiresOn } = item;
  const detail = [
    LABELS[status],
    money(gross, currency),
    ...(isTeam(actor) ? [clientName] : []),
    ...(projectName ? [projectName] : []),
    ...(status === 'sent' ? [`valid until ${dayText(expiresOn)}`] : []),
  ].join(' · ');
  return {
    text: `${called(item)} ${title}`,
    detail,
    mark: status === 'draft' || status === 'sent' ? 'open' : 'done',
    button: thing.opening(id, 'Open', `OPEN${item.number}`),
  };
}
