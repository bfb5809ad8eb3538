import { egressOf } from '../core/kernel/egress.ts';
import { textOf } from '../integrations/jira/adf.ts';
import { kind } from '../integrations/jira/index.ts';
import { proveSite } from '../integrations/jira/prove.ts';
import type { ConnectorStage, Standing } from './connector-contract.ts';
import type { JiraHub } from './jira-hub.ts';
import { SITE } from './jira-hub.ts';

const OURS: Readonly<Record<string, Standing>> = {
  approved: 'waiting',
  in_progress: 'begun',
  resolved: 'done',
  declined: 'refused',
};
const THEIRS: Readonly<Record<string, Standing>> = {
  'To Do': 'waiting',
  'In Progress': 'begun',
  Done: 'done',
  "Won't Do": 'refused',
};
const BY = 'Dora Dev';

/** The issues of a ticket on a site: one of each. */
export function copiesOn(site: JiraHub['jira'], ticket: string): string[] {
  return issuesOf(site, ticket).map(({ id }) => id);
}

function issuesOf(site: JiraHub['jira'], ticket: string) {
  return site.issues().filter(({ labels }) => labels.includes(`parley-${ticket}`));
}

/** What the suite of connectors asks of Jira. How a site is reached is its test's: who else is connected, and how it signs. */
export function jiraStage(
  hub: JiraHub,
  way: Pick<ConnectorStage, 'another' | 'refused'> & {
    /** The headers of a webhook of that body, signed well or with another secret. */
    signed(body: string, how: 'right' | 'wrong'): Record<string, string>;
  },
): ConnectorStage {
  const { jira, firm, run, query } = hub;
  const issue = (ticket: string) => jira.issue(issuesOf(jira, ticket)[0]?.key ?? '');
  const changes = ['create', 'comment', 'transition'];
  return {
    hub,
    entity: 'ticket',
    events: { made: 'ticket.approved', moved: 'ticket.progressed' },
    make: () => hub.approved(),
    here: {
      move: async (ticket, to) => {
        const status = to === 'begun' ? 'in_progress' : 'resolved';
        await run(firm.admin, 'ticket.progress', { ticket, status });
      },
      refuse: async (ticket) => {
        await run(firm.admin, 'ticket.decline', { ticket, version: 2, reason: 'Too dear.' });
      },
      say: async (ticket, body) => {
        await run(firm.admin, 'ticket.reply', { ticket, body });
      },
      standing: async (ticket) =>
        OURS[String((await query('select status from ticket where id = $1', [ticket]))[0]?.status)] as Standing,
      said: async (ticket) =>
        (await query('select body from ticket_message where ticket_id = $1 order by created_at, id', [ticket])).map(
          ({ body }) => String(body),
        ),
    },
    there: {
      copies: (ticket) => copiesOn(jira, ticket),
      move: (ticket, to) => jira.move(issue(ticket).key, to === 'begun' ? 'In Progress' : 'Done', BY),
      say: (ticket, words) => void jira.comment(issue(ticket).key, words, BY),
      standing: (ticket) => THEIRS[issue(ticket).status] as Standing,
      said: (ticket) =>
        issue(ticket).comments.map(({ body }) => textOf(body).replace(/^[\w ]+ \((team|client)\): /, '')),
    },
    fail: (what, fault) =>
      jira.failNext(({ making: 'create', saying: 'comment', reading: 'issue', any: 'any' } as const)[what], fault),
    calls: () => ({
      all: jira.calls.length,
      changes: jira.calls.filter(({ route }) => changes.includes(route)).length,
    }),
    webhooks: {
      hold: () => jira.webhooks.hold(),
      release: () => jira.webhooks.release(),
      releaseBackwards: () => jira.webhooks.release((waiting) => waiting.reverse()),
      resend: (count) => jira.webhooks.resend(count),
      lose: (count) => jira.webhooks.lose(count),
    },
    post: async (how) => {
      const body = JSON.stringify({ webhookEvent: 'jira:form_submitted', timestamp: 1 });
      const account = how === 'another account' ? 'other.example' : jira.account;
      const headers = how === 'unsigned' ? {} : way.signed(body, how === 'wrong' ? 'wrong' : 'right');
      const address = `${hub.url}/webhooks/jira/${encodeURIComponent(account)}`;
      return (await fetch(address, { method: 'POST', body, headers })).status;
    },
    another: way.another,
    refused: way.refused,
    prove: (typed) => {
      const { clock } = hub.app;
      const egress = egressOf(['127.0.0.1']);
      const tools = { clock, publicUrl: 'https://parley.example', credentialsOf: async () => null, egress };
      const apiToken = typed === 'right' ? SITE.apiToken : 'not the token';
      return proveSite({ ...SITE, apiToken, baseUrl: jira.url }, tools);
    },
    refusal: (error) => kind.refusal?.(error) ?? null,
    close: () => hub.close(),
  };
}
