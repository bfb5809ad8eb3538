/**
 * The floor of a press: a bare Bolt app that files the same ticket for people it knows beforehand, with the same rows
 * in one ordinary transaction by plain pg. No look-ups, no policies, no checks besides Bolt's of the signature.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ViewOutput } from '@slack/bolt';
import bolt from '@slack/bolt';
import pg from 'pg';
import { request } from 'undici';
import type { BenchFirm, BenchPerson } from '../firm.ts';

const firm = JSON.parse(process.env.BENCH_FIRM ?? '{}') as BenchFirm;
const people = new Map(firm.people.map((person) => [person.slackUser, person]));
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });

const receiver = new bolt.HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? '',
  processBeforeResponse: true,
  logLevel: bolt.LogLevel.ERROR,
  customRoutes: [{ path: '/healthz', method: ['GET'], handler: (_request, response) => response.end('ok') }],
});
const app = new bolt.App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0PARLEY', botUserId: 'U0PARLEY' }),
  logLevel: bolt.LogLevel.ERROR,
});

app.view({ type: 'view_submission' }, async ({ ack, view, body }) => {
  const values = Object.values(view.state.values).map((block) => Object.values(block)[0]);
  const [project, title, description, steps, expected, priority] = values.map(
    (field) => field?.selected_option?.value ?? field?.value ?? null,
  );
  const input = JSON.stringify({ project, title, description, steps, expected, priority });
  const person = people.get(body.user.id) as BenchPerson;
  const number = await file(person, view, input, { project, title, description, steps, expected, priority });
  await ack({ response_action: 'clear' });
  const { responseUrl } = JSON.parse(view.private_metadata) as { responseUrl: string };
  tell(responseUrl, `#${number} was filed: ${title}`);
});

/** The same call as Parley's: the global fetch would take several times the CPU. */
function tell(url: string, text: string): void {
  request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', text }),
  }).then(({ body }) => body.dump(), console.error);
}

type Fields = Record<
  'project' | 'title' | 'description' | 'steps' | 'expected' | 'priority',
  string | null | undefined
>;

/** One by one, as one writes it, with what Parley's rows hold. Returns the ticket's number. */
async function file(
  person: BenchPerson,
  { id: viewId, hash }: ViewOutput,
  input: string,
  fields: Fields,
): Promise<number> {
  const { clientId, personId } = person;
  const t = firm.tenantId;
  const [ticket, event, requestId, now] = [randomUUID(), randomUUID(), `slack:view:${viewId}:${hash}`, new Date()];
  const actor = { kind: 'person', name: 'Carl Contact', side: 'contact', channel: 'slack', personId };
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query(
      `insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, expected, steps, links, priority,
         reporter_id, reporter_name, created_at, updated_at)
       values ($1, $2, $3, $4, 'bug', 'new', $5, $6, $7, $8, '{}', $9, $10, 'Carl Contact', $11, $11) returning number`,
      [
        t,
        ticket,
        clientId,
        fields.project,
        fields.title,
        fields.description,
        fields.expected,
        fields.steps,
        fields.priority,
        personId,
        now,
      ],
    );
    const { number } = rows[0] as { number: number };
    const { project: _project, ...texts } = fields;
    const standing = { number, kind: 'bug', title: fields.title, status: 'new', version: 1, priority: fields.priority };
    const filed = { ...standing, ...texts, reporterId: personId, reporterName: 'Carl Contact' };
    const outcome = {
      ...filed,
      id: ticket,
      clientId,
      projectId: fields.project,
      projectName: 'Website',
      createdAt: now,
    };
    await client.query(
      'insert into request (tenant_id, request_id, command, input_hash, outcome) values ($1, $2, $3, $4, $5)',
      [t, requestId, 'ticket.file-bug', createHash('sha256').update(input).digest('base64url'), outcome],
    );
    await client.query(
      `insert into event (tenant_id, id, name, entity, entity_id, client_id, project_id, data, actor, request_id, at)
       values ($1, $2, 'ticket.filed', 'ticket', $3, $4, $5, $6, $7, $8, $9)`,
      [
        t,
        event,
        ticket,
        clientId,
        fields.project,
        { ...standing, reporterName: 'Carl Contact' },
        actor,
        requestId,
        now,
      ],
    );
    await client.query(
      `insert into audit (tenant_id, id, at, command, event, person_id, by_name, channel, assurance, request_id, entity, entity_id, client_id, project_id, after)
       values ($1, $2, $3, 'ticket.file-bug', 'ticket.filed', $4, 'Carl Contact', 'slack', 'chat', $5, 'ticket', $6, $7, $8, $9)`,
      [t, randomUUID(), now, personId, requestId, ticket, clientId, fields.project, filed],
    );
    await client.query(
      `insert into pgboss.job_common (id, name, data, retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds,
         deletion_seconds, policy, dead_letter)
       values ($1, 'event', $2, 20, 1, true, 300, 30, 3600, 'standard', 'dead')`,
      [randomUUID(), { tenantId: t, eventId: event }],
    );
    await client.query('COMMIT');
    return number;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

await app.start({ port: Number(process.env.PORT), host: '127.0.0.1' });
