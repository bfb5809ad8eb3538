import { createHmac } from 'node:crypto';
import { egressOf } from '../../core/kernel/egress.ts';
import type { ConnectorStage, Standing } from '../../testing/connector-contract.ts';
import { connectorContract } from '../../testing/connector-contract.ts';
import { connectorFor, jiraFor, SECRET, SITE, startJiraHub } from '../../testing/jira-hub.ts';
import { textOf } from './adf.ts';
import { kind } from './index.ts';
import { proveSite } from './prove.ts';

connectorContract('jira', begin);

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

async function begin(): Promise<ConnectorStage> {
  const hub = await startJiraHub();
  const { jira, firm, run, query } = hub;
  const issuesOf = (ticket: string, site = jira) =>
    site.issues().filter(({ labels }) => labels.includes(`parley-${ticket}`));
  const issue = (ticket: string) => jira.issue(issuesOf(ticket)[0]?.key ?? '');
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
      copies: (ticket) => issuesOf(ticket).map(({ id }) => id),
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
      const secret = how === 'wrong' ? 'another secret' : SECRET;
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const account = how === 'another account' ? 'other.example' : jira.account;
      const headers = how === 'unsigned' ? {} : { 'x-hub-signature': signature };
      const address = `${hub.url}/webhooks/jira/${encodeURIComponent(account)}`;
      return (await fetch(address, { method: 'POST', body, headers })).status;
    },
    another: async () => {
      const site = await jiraFor(hub.app);
      const connector = await connectorFor(hub.app, site);
      const stop = async () => {
        await connector.close?.();
        await site.stop();
      };
      return { connector, copies: (ticket) => issuesOf(ticket, site).map(({ id }) => id), stop };
    },
    refused: () => connectorFor(hub.app, jira, { apiToken: 'not the token' }),
    prove: (typed) => {
      const egress = egressOf(['127.0.0.1']);
      const tools = {
        clock: hub.app.clock,
        publicUrl: 'https://parley.example',
        credentialsOf: async () => null,
        egress,
      };
      const apiToken = typed === 'right' ? SITE.apiToken : 'not the token';
      return proveSite({ ...SITE, apiToken, baseUrl: jira.url }, tools);
    },
    refusal: (error) => kind.refusal?.(error) ?? null,
    close: () => hub.close(),
  };
}
