import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../../config.ts';
import type { Who } from '../../core/kernel/actor.ts';
import { runCommand } from '../../core/kernel/registry.ts';
import type { Hub } from '../../hub.ts';
import { startHub } from '../../hub.ts';
import { openLog } from '../../log.ts';
import { SECRET } from '../../testing/database.ts';
import type { Receiver } from '../../testing/receiver.ts';
import { startReceiver } from '../../testing/receiver.ts';

// A hub that is whole, with its queue and its clock.

let hub: Hub;
let receiver: Receiver;
let log = '';

beforeAll(async () => {
  receiver = await startReceiver();
  const write = (line: string) => {
    log += line;
  };
  hub = await startHub(
    readConfig({
      ...{ PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: 'memory://', PARLEY_PRIVATE_HOSTS: '127.0.0.1', PORT: '0' },
    }),
    { web: false, worker: true, log: openLog('trace', { write }) },
  );
}, 90_000);
afterAll(async () => {
  await hub.stop();
  await receiver.stop();
});

async function run(who: Who, name: string, input: Record<string, unknown>) {
  return runCommand(hub.app, who, { name, input, requestId: crypto.randomUUID() });
}

test('a receiver that says nothing delays no other, and no line of the log holds where one is, or its secret', async () => {
  const tenantId = crypto.randomUUID();
  const { pool } = hub.app.database;
  await pool.query('select parley_found($1, $2, $3)', [tenantId, 'Northwind', 'Europe/Berlin']);
  const system: Who = { kind: 'system', tenantId, reason: 'test' };
  const idOf = async (name: string, input: Record<string, unknown>) =>
    String(((await run(system, name, input)).output as { id: string }).id);
  const person = await idOf('people.add-staff', {
    name: 'Ada',
    email: 'ada@example.com',
    role: 'admin',
    timezone: 'Europe/Berlin',
  });
  const client = await idOf('people.add-client', { name: 'Acme', timezone: 'Europe/Berlin' });
  const admin: Who = { kind: 'person', tenantId, personId: person, channel: 'portal', assurance: 'chat' };
  const project = await idOf('project.open', { client, name: 'Website' });
  const secrets: string[] = [];
  for (const path of ['/silent', '/taking']) {
    const { shown } = await run(admin, 'endpoint.add', {
      name: path,
      url: `${receiver.url}${path}?token=quetzalcoatl`,
      areas: '',
    });
    secrets.push(shown?.text ?? '');
  }
  receiver.answers((got, response) => {
    if (receiver.at('/taking?token=quetzalcoatl').some((one) => one.id === got.id && one.at === got.at))
      response.writeHead(204).end();
  });
  const waits: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    const before = performance.now();
    const wanted = receiver.at('/taking?token=quetzalcoatl').length + 1;
    await run(admin, 'requirement.ask', { project, kind: 'words', title: `Opening hours ${index}` });
    while (receiver.at('/taking?token=quetzalcoatl').length < wanted) await sleep(20);
    waits.push(performance.now() - before);
  }

  // Each of the silent one's takes 15 seconds.
  expect(receiver.at('/silent?token=quetzalcoatl').length).toBeGreaterThan(0);
  expect(Math.max(...waits)).toBeLessThan(10_000);
  expect(waits.toSorted((one, other) => one - other)[4]).toBeLessThan(3_000);
  for (const secret of ['quetzalcoatl', ...secrets]) expect(log).not.toContain(secret);
  expect(secrets.every((secret) => secret.startsWith('whsec_'))).toBe(true);
}, 120_000);
