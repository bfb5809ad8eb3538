import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Channels } from '../../bots/channel.ts';
import type { Who } from '../../core/kernel/actor.ts';
import { buttonsOf } from '../../core/kernel/card.ts';
import { readView, runCommand, showView } from '../../core/kernel/registry.ts';
import { fakeChannel } from '../../testing/channel.ts';
import type { EndpointStage } from '../../testing/endpoint-stage.ts';
import { endpointStage } from '../../testing/endpoint-stage.ts';
import type { TestClient, TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Got, Receiver } from '../../testing/receiver.ts';
import { startReceiver } from '../../testing/receiver.ts';
import { sendDue } from './deliver.ts';
import { PAUSES } from './retries.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

let stage: EndpointStage;
let firm: TestFirm;
let receiver: Receiver;
const email = fakeChannel('email', false);
const channels: Channels = new Map([['email', email]]);

beforeAll(async () => {
  stage = await endpointStage(undefined, channels);
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await stage.stop();
});
beforeEach(async () => {
  stage.app.asked.length = 0;
  await stage.owner('delete from endpoint_delivery');
  await stage.owner('delete from endpoint');
  receiver.got.length = 0;
  receiver.answers(204);
  firm = await makeFirm(stage.app.database);
});

const admin = () => as(firm, firm.admin);
const clientAdmin = (client = firm.acme) => as(firm, client.clientAdmin);
const file = async (client: TestClient = firm.acme, title = 'The pay button does nothing') =>
  (
    await stage.run(as(firm, client.approver), 'ticket.file-bug', {
      ...{ project: client.project, title, description: 'I press and press.' },
    })
  ).id as string;
const reply = (ticket: string, body: string) => stage.run(admin(), 'ticket.reply', { ticket, body });
const add = (who: Who, path = '/hook', areas?: string) => stage.add(who, `${receiver.url}${path}`, areas);
const deliveries = (endpoint: string) =>
  stage.owner('select * from endpoint_delivery where endpoint_id = $1 order by event_seq', [endpoint]);
const statusOf = async (endpoint: string) =>
  (await stage.owner('select status, fault from endpoint where id = $1', [endpoint]))[0];
const types = (all: readonly Got[]) => all.map(({ json }) => json.type);
const said = (all: readonly Got[]) => all.map(({ json }) => json.data.facts.body ?? json.type);

/** What stands in the header for these secrets. Clocks jump here, so that nothing is verified by the time of this machine. */
function signaturesOf(got: Got | undefined, secrets: readonly (string | undefined)[]): string {
  const { id = '', body = '', headers = {} } = got ?? {};
  const at = new Date(Number(headers['webhook-timestamp']) * SECOND);
  return secrets.map((secret = '') => new Webhook(secret).sign(id, at, body)).join(' ');
}

/** Answers with a failure where a webhook says these words. */
const failing = (words: string, status = 500) =>
  receiver.answers((got, response) => response.writeHead(got.body.includes(words) ? status : 204).end());

describe('what happens', () => {
  test('is sent to the firm and to the client whose it is, signed, with what the client may know', async () => {
    const [own, theirs, other] = [
      await add(admin(), '/firm'),
      await add(clientAdmin(), '/acme'),
      await add(clientAdmin(firm.globex), '/globex'),
    ];
    const ticket = await file();
    await stage.work();

    const [got] = receiver.at('/firm');
    expect(new Webhook(own.secret).verify(got?.body ?? '', got?.headers as Record<string, string>)).toEqual({
      type: 'ticket.filed',
      timestamp: expect.stringMatching(/^2\d{3}-/),
      version: 1,
      data: {
        id: got?.id,
        about: { entity: 'ticket', id: ticket },
        client: firm.acme.id,
        project: firm.acme.project,
        by: { name: 'Acme Approver', side: 'contact' },
        facts: expect.objectContaining({
          status: 'new',
          title: 'The pay button does nothing',
          reporterName: 'Acme Approver',
        }),
      },
    });
    const [same] = receiver.at('/acme');
    expect(same?.body).toBe(got?.body);
    expect(() =>
      new Webhook(theirs.secret).verify(same?.body ?? '', same?.headers as Record<string, string>),
    ).not.toThrow();
    expect(receiver.at('/globex')).toEqual([]);
    expect(await deliveries(other.id)).toEqual([]);
  });

  test('inside the team is sent to nobody', async () => {
    await add(admin());
    const ticket = await file();
    await stage.work();
    receiver.got.length = 0;
    await stage.run(admin(), 'ticket.note', { ticket, body: 'quetzalcoatl is what we think of them' });
    // Finishing a task is told to the client, unless the task is internal.
    for (const [title, seen] of [
      ['quetzalcoatl inside', 'team'],
      ['Send the logos', 'client'],
    ]) {
      const { id: task } = await stage.run(admin(), 'task.add', { project: firm.acme.project, title, seen_by: seen });
      await stage.run(admin(), 'task.finish', { task, version: 1 });
    }
    await reply(ticket, 'We look at it.');
    await stage.work();

    expect(types(receiver.got).sort()).toEqual(['task.finished', 'ticket.replied']);
    expect(JSON.stringify(receiver.got)).not.toContain('quetzalcoatl');
    // Nor in which room of the firm it was written.
    for (const { json } of receiver.got) expect(json.data.facts).not.toHaveProperty('saidIn');
  });

  test('is sent of the areas that were chosen, and of no other', async () => {
    const { id } = await add(admin(), '/hook', 'requirements');
    await file();
    await stage.run(admin(), 'requirement.ask', {
      ...{ project: firm.acme.project, kind: 'words', title: 'Opening hours' },
    });
    await stage.work();

    expect(types(receiver.got)).toEqual(['requirement.asked']);
    expect(await deliveries(id)).toHaveLength(1);
  });

  test('is stored once and sent once, however often its event is handed on', async () => {
    const { id } = await add(admin());
    await file();
    await stage.work();
    await stage.owner(`update event set delivered_at = null where name = 'ticket.filed' and tenant_id = $1`, [
      firm.tenantId,
    ]);
    const [event] = await stage.owner(`select id from event where name = 'ticket.filed' and tenant_id = $1`, [
      firm.tenantId,
    ]);
    stage.app.asked.push({ queue: 'event', data: { tenantId: firm.tenantId, eventId: event?.id } });
    await stage.work();

    expect(await deliveries(id)).toHaveLength(1);
    expect(receiver.got).toHaveLength(1);
  });

  test('costs a firm without endpoints one statement for each event of which a client may hear, and none for others', async () => {
    const statements: string[] = [];
    const { pool } = stage.app.database;
    const ticket = await file();
    const query = pool.query;
    const connect = pool.connect.bind(pool);
    pool.connect = (async () => {
      const client = await connect();
      const own = client.query;
      client.query = ((first: { text?: string }, ...more: unknown[]) => {
        statements.push(String(first?.text ?? first));
        return (own as (...parts: unknown[]) => unknown).call(client, first, ...more);
      }) as typeof client.query;
      const release = client.release.bind(client);
      client.release = (error) => {
        client.query = own;
        release(error);
      };
      return client;
    }) as typeof pool.connect;
    await stage.work();
    const forBoth = statements.filter((text) => text.includes('endpoint')).length;
    statements.length = 0;
    await stage.run(admin(), 'ticket.note', { ticket, body: 'For us alone.' });
    await stage.work();
    const forTeam = statements.filter((text) => text.includes('endpoint')).length;
    Object.assign(pool, { connect, query });

    expect([forBoth, forTeam]).toEqual([1, 0]);
  });
});

describe('what was not taken', () => {
  test('is tried again on the schedule with the same id and body, and then it is over', async () => {
    const { id, secret } = await add(admin());
    receiver.answers(500);
    await file();
    await stage.work();
    for (const pause of PAUSES.slice(0, 3)) {
      const before = receiver.got.length;
      await stage.later(pause * SECOND - 2 * SECOND);
      expect(receiver.got).toHaveLength(before);
      await stage.later(pause * 0.1 * SECOND + 3 * SECOND);
      expect(receiver.got).toHaveLength(before + 1);
    }
    receiver.answers(204);
    await stage.later((PAUSES[3] ?? 0) * 1.1 * SECOND);

    expect(new Set(receiver.got.map((got) => got.id)).size).toBe(1);
    expect(new Set(receiver.got.map((got) => got.body)).size).toBe(1);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 5, status: 204, fault: null }]);
    // Each try is signed for its own time: a receiver refuses what is older than five minutes.
    const times = receiver.got.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(new Set(times).size).toBe(times.length);
    for (const got of receiver.got) expect(got.headers['webhook-signature']).toBe(signaturesOf(got, [secret]));
  });

  test('holds up what happens to the same thing later, and nothing else', async () => {
    await add(admin());
    const [ticket, other] = [await file(), await file()];
    await stage.work();
    receiver.got.length = 0;
    failing('first');
    await reply(ticket, 'first');
    await reply(ticket, 'second');
    await reply(other, 'of another');
    await stage.work();
    expect(said(receiver.got).sort()).toEqual(['first', 'of another']);

    await reply(ticket, 'third');
    receiver.answers(204);
    await stage.later(6 * SECOND);
    expect(said(receiver.got).slice(2)).toEqual(['first', 'second', 'third']);
  });

  test('waits for an earlier event about the thing that was not handed on yet', async () => {
    await add(admin());
    const ticket = await file();
    await stage.work();
    receiver.got.length = 0;
    await reply(ticket, 'first');
    const held = stage.app.asked.splice(0);
    await reply(ticket, 'second');
    await stage.work();
    expect(receiver.got).toEqual([]);

    stage.app.asked.push(...held);
    await stage.work();
    expect(said(receiver.got)).toEqual(['first', 'second']);
  });

  test('is left alone for as long as its receiver asks, with all else that it is sent', async () => {
    await add(admin());
    receiver.answers((_got, response) => response.writeHead(429, { 'retry-after': '600' }).end());
    await file();
    await stage.work();
    for (let index = 0; index < 9; index += 1) await file();
    await stage.later(8 * MINUTE);
    expect(receiver.got).toHaveLength(1);

    // Of those that wait no more are begun than are under way when it asks once more.
    await stage.later(3 * MINUTE);
    expect(receiver.got.length).toBeLessThanOrEqual(1 + 4);
    receiver.answers(204);
    await stage.later(11 * MINUTE);
    expect(new Set(receiver.got.map((got) => got.id)).size).toBe(10);
  });

  test('at most four at a time of one endpoint', async () => {
    let [running, most] = [0, 0];
    await add(admin());
    // More than one worker takes at once.
    for (let index = 0; index < 24; index += 1) await file();
    receiver.answers((_got, response) => {
      running += 1;
      most = Math.max(most, running);
      setTimeout(() => {
        running -= 1;
        response.writeHead(204).end();
      }, 40);
    });
    const events = stage.app.asked.splice(0);
    for (const job of events) {
      stage.app.asked.push(job);
      await stage.work();
    }
    await stage.owner(`update endpoint_delivery set state = 'waiting', due_at = now() - interval '1 minute'`);
    const [endpoint] = await stage.owner('select id from endpoint');
    const job = { tenantId: firm.tenantId, endpointId: String(endpoint?.id) };
    await Promise.all([1, 2, 3].map(() => sendDue(stage.sending, job, new AbortController().signal)));

    expect(most).toBe(4);
    expect(receiver.got).toHaveLength(48);
  });

  test('by a worker that stops in the middle is tried by another one, and no try is counted', async () => {
    const { id } = await add(admin());
    await stage.run(admin(), 'endpoint.pause', { endpoint: id, version: 1 });
    await file();
    await stage.work();
    await stage.run(admin(), 'endpoint.resume', { endpoint: id, version: 2 });
    const stopping = new AbortController();
    receiver.answers(() => stopping.abort(new Error('the worker stops')));
    await expect(sendDue(stage.sending, { tenantId: firm.tenantId, endpointId: id }, stopping.signal)).rejects.toThrow(
      'the worker stops',
    );
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 0, taken_until: null }]);

    receiver.answers(204);
    await stage.work();
    expect(receiver.got).toHaveLength(2);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  test('by a worker that died is tried again once nobody can be at it any more, with the same id', async () => {
    const { id } = await add(admin());
    await file();
    await stage.work();
    // As a worker leaves it that was killed after the answer, before it could note it.
    await stage.owner(
      `update endpoint_delivery set state = 'waiting', attempts = 0, tried_at = null, taken_until = $1`,
      [new Date(stage.app.clock.now().getTime() + 90 * SECOND)],
    );
    await stage.later(80 * SECOND);
    expect(receiver.got).toHaveLength(1);

    await stage.later(15 * SECOND);
    expect(receiver.got.map((got) => got.id)).toEqual([receiver.got[0]?.id, receiver.got[0]?.id]);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('an endpoint', () => {
  test('that says it is gone is given up at once; what happens meanwhile waits, and is sent in order once it is in use again', async () => {
    const { id } = await add(admin());
    const ticket = await file();
    await stage.work();
    failing('first', 410);
    await reply(ticket, 'first');
    await stage.work();
    expect(await statusOf(id)).toEqual({ status: 'failed', fault: 'It answered 410: it is gone for good.' });

    receiver.got.length = 0;
    receiver.answers(204);
    await reply(ticket, 'second');
    await stage.later(HOUR);
    expect(receiver.got).toEqual([]);
    await stage.run(admin(), 'endpoint.resume', { endpoint: id, version: 2 });
    await stage.work();
    expect(said(receiver.got)).toEqual(['first', 'second']);
  });

  test('that took nothing for three days is given up, and its owner is told with a button that puts it to use again', async () => {
    await stage.owner(
      `insert into room (tenant_id, id, channel, account, address, name, audience, person_id)
       values ($1, gen_random_uuid(), 'email', '', $2, 'Ada', 'person', $3)`,
      [firm.tenantId, `${firm.admin}@example.com`, firm.admin],
    );
    const { id } = await add(admin());
    receiver.answers((_got, response) => response.writeHead(503).end('down for maintenance'));
    await file();
    await stage.work();
    for (const pause of PAUSES) {
      expect((await statusOf(id))?.status).toBe('active');
      await stage.later(pause * 1.1 * SECOND + SECOND);
    }

    expect(receiver.got).toHaveLength(10);
    expect(await statusOf(id)).toEqual({
      status: 'failed',
      fault: expect.stringContaining('in 10 tries over three days. It answered 503.'),
    });
    const posted = await stage.owner(
      `select p.view, r.person_id, n.tier from posted_card p join room r on r.id = p.room_id
       join notice n on n.tenant_id = p.tenant_id and n.event_name = 'endpoint.failed' where p.tenant_id = $1 and p.entity = 'endpoint' order by p.created_at desc limit 1`,
      [firm.tenantId],
    );
    expect(posted).toEqual([
      { view: { target: 'endpoint.show', input: { endpoint: id } }, person_id: firm.admin, tier: 'critical' },
    ]);
    const card = await showView(stage.app, admin(), { target: 'endpoint.show', input: { endpoint: id } });
    expect(card).toMatchObject({ tone: 'danger', status: 'Given up' });
    expect(JSON.stringify(card.blocks)).toContain('down for maintenance');
    expect(buttonsOf(card)[0]).toMatchObject({ label: 'Use it again', press: { target: 'endpoint.resume' } });

    // All its tries count anew.
    await stage.run(admin(), 'endpoint.resume', { endpoint: id, version: 2 });
    await stage.work();
    expect((await statusOf(id))?.status).toBe('active');
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 1 }]);
  });

  test('that was mended while it was given up is left as it was mended', async () => {
    const { id } = await add(admin());
    receiver.answers((_got, response) => {
      const change = { endpoint: id, version: 1, name: 'CRM', url: `${receiver.url}/new` };
      void stage.run(admin(), 'endpoint.change', change).then(() => response.writeHead(410).end());
    });
    await file();
    await stage.work();

    expect((await statusOf(id))?.status).toBe('active');
  });

  test('that is paused is sent nothing, and everything afterwards', async () => {
    const { id } = await add(admin());
    await stage.run(admin(), 'endpoint.pause', { endpoint: id, version: 1 });
    const ticket = await file();
    await reply(ticket, 'meanwhile');
    await stage.later(2 * HOUR);
    expect(receiver.got).toEqual([]);
    const shown = (await readView(stage.app, admin(), { target: 'endpoint.show', input: { endpoint: id } })) as {
      waiting: number;
    };
    expect(shown.waiting).toBe(2);

    await stage.run(admin(), 'endpoint.resume', { endpoint: id, version: 2 });
    await stage.work();
    expect(types(receiver.got)).toEqual(['ticket.filed', 'ticket.replied']);
  });

  test('that is put to use again is sent at once what would be tried again later', async () => {
    const { id } = await add(admin());
    receiver.answers(500);
    await file();
    await stage.work();
    await stage.later(6 * SECOND);
    await stage.run(admin(), 'endpoint.pause', { endpoint: id, version: 1 });
    await stage.run(admin(), 'endpoint.resume', { endpoint: id, version: 2 });
    receiver.answers(204);
    await stage.work();

    expect(receiver.got).toHaveLength(3);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  test('that is removed is sent nothing more, whatever waits', async () => {
    const { id } = await add(admin());
    receiver.answers(500);
    await file();
    await stage.work();
    await stage.run(admin(), 'endpoint.remove', { endpoint: id, version: 1 });
    receiver.answers(204);
    await stage.later(HOUR);

    expect(receiver.got).toHaveLength(1);
    expect(await stage.owner('select from endpoint_secret')).toEqual([]);
  });

  test('with a new secret is signed for by both for a day, and then by the new one alone', async () => {
    const { id, secret } = await add(admin());
    const { shown } = await runCommand(stage.app, { ...admin(), channel: 'portal' } as Who, {
      ...{ name: 'endpoint.rotate-secret', input: { endpoint: id, version: 1 }, requestId: crypto.randomUUID() },
    });
    await file();
    await stage.work();
    const [during] = receiver.got;
    expect(during?.headers['webhook-signature']).toBe(signaturesOf(during, [shown?.text, secret]));

    stage.app.clock.jump(24 * HOUR + SECOND);
    await file();
    await stage.work();
    const [, after] = receiver.got;
    expect(after?.headers['webhook-signature']).toBe(signaturesOf(after, [shown?.text]));
  });

  test('is sent again all that it was told of from a time on, in order and with the same ids', async () => {
    const { id } = await add(admin());
    const ticket = await file();
    await stage.work();
    stage.app.clock.jump(2 * HOUR);
    for (const words of ['one', 'two', 'three']) await reply(ticket, words);
    await stage.work();
    const before = receiver.got.splice(0);
    await stage.run(admin(), 'endpoint.replay', { endpoint: id, version: 1, since: '1' });
    await stage.work();

    expect(said(receiver.got)).toEqual(['one', 'two', 'three']);
    expect(receiver.got.map((got) => got.id)).toEqual(before.slice(1).map((got) => got.id));
    expect(receiver.got.map((got) => got.body)).toEqual(before.slice(1).map((got) => got.body));
  });

  test('is sent again more than one step holds, each once', async () => {
    const { id } = await add(admin());
    const ticket = await file();
    await stage.work();
    const [event] = await stage.owner(`select * from event where entity_id = $1`, [ticket]);
    await stage.owner(
      `with made as (insert into event (tenant_id, id, name, entity, entity_id, client_id, project_id, data, actor, request_id, at, delivered_at)
         select tenant_id, gen_random_uuid(), name, entity, gen_random_uuid(), client_id, project_id, data, actor, request_id, at, now()
         from event, generate_series(1, 620) where id = $1 returning *)
       insert into endpoint_delivery (tenant_id, id, endpoint_id, event_id, event_seq, event_at, type, entity, entity_id, due_at, state)
       select tenant_id, gen_random_uuid(), $2, id, seq, at, name, entity, entity_id, at, 'delivered' from made`,
      [event?.id, id],
    );
    receiver.got.length = 0;
    await stage.run(admin(), 'endpoint.replay', { endpoint: id, version: 1, since: '1' });
    await stage.work();

    expect(receiver.got).toHaveLength(621);
    expect(new Set(receiver.got.map((got) => got.id)).size).toBe(621);
  });

  test('is sent a test, which is tried once and changes nothing', async () => {
    const { id } = await add(admin());
    receiver.answers((_got, response) => response.writeHead(401).end('who are you?'));
    await stage.run(admin(), 'endpoint.test', { endpoint: id });
    await stage.work();
    await stage.later(HOUR);

    expect(types(receiver.got)).toEqual(['endpoint.tested']);
    expect(receiver.got[0]?.json.data.facts).toEqual({ name: 'CRM', status: 'active', version: 1 });
    expect(await deliveries(id)).toMatchObject([{ state: 'failed', attempts: 1, status: 401, answer: 'who are you?' }]);
    expect((await statusOf(id))?.status).toBe('active');
    const card = await showView(stage.app, admin(), { target: 'endpoint.show', input: { endpoint: id } });
    expect(JSON.stringify(card)).toContain('It answered 401. It said: who are you?');
  });

  test('whose secret cannot be opened any more is told so, and is sent nothing', async () => {
    const { id } = await add(admin());
    await stage.owner(`update endpoint_secret set sealed = 'x'`);
    await file();
    await stage.work();

    expect(receiver.got).toEqual([]);
    expect(await deliveries(id)).toMatchObject([
      { state: 'waiting', fault: expect.stringContaining('Make a new secret') },
    ]);
  });
});
