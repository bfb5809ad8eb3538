import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { agentOf, egressOf } from '../../core/kernel/egress.ts';
import { makeWebhookSecret } from '../../core/kernel/webhook-secret.ts';
import { freePort } from '../../simulator/free-port.ts';
import { PAUSES } from './retries.ts';
import { send } from './send.ts';

// What docs/webhooks.md tells receivers to do is done here with what is really sent.

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
const [, program = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
const secret = makeWebhookSecret();
const egress = egressOf(['127.0.0.1']);
const agent = agentOf(egress);
let url: string;
let said = '';
let receiver: ReturnType<typeof spawn>;

beforeAll(async () => {
  const port = await freePort();
  receiver = spawn(process.execPath, ['--input-type=module', '-e', program.replace('8080', String(port))], {
    cwd: root,
    env: { ...process.env, PARLEY_WEBHOOK_SECRET: secret, NODE_OPTIONS: '' },
  });
  receiver.stdout?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  while (!(await listens(port))) await sleep(50);
  url = `http://127.0.0.1:${port}/`;
}, 60_000);
afterAll(async () => {
  receiver.kill();
  await Promise.all([once(receiver, 'exit'), agent.destroy()]);
});

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}

const sent = (secrets: string[], at = new Date()) => {
  const body = JSON.stringify({ type: 'ticket.filed', data: { id: 'e1', about: { entity: 'ticket', id: 't1' } } });
  return send({ egress, agent }, { url, secrets }, { id: 'e1', body }, at, new AbortController().signal);
};

test('the program on the page takes what is signed with its secret, also while there are two, and nothing else', async () => {
  expect((await sent([secret])).status).toBe(204);
  expect((await sent([makeWebhookSecret(), secret])).status).toBe(204);
  expect(said).toContain('ticket.filed e1');

  expect((await sent([makeWebhookSecret()])).status).toBe(401);
  expect((await sent([secret], new Date(Date.now() - 301_000))).status).toBe(401);
});

test('the schedule on the page is the one that is used', () => {
  const words = PAUSES.map((seconds) => (seconds < 60 ? seconds : seconds < 3_600 ? seconds / 60 : seconds / 3_600));
  const [, line = ''] = /tried again after (.+?), each up to/s.exec(page) ?? [];

  expect(line.match(/\d+/g)?.map(Number)).toEqual(words);
});
