import type { LookupAddress, lookup } from 'node:dns';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Egress } from '../../core/kernel/egress.ts';
import { agentOf, egressOf } from '../../core/kernel/egress.ts';
import { makeWebhookSecret } from '../../core/kernel/webhook-secret.ts';
import type { Receiver } from '../../testing/receiver.ts';
import { startReceiver } from '../../testing/receiver.ts';
import { send, signedHeaders } from './send.ts';

const here = egressOf(['127.0.0.1']);
const MESSAGE = { id: crypto.randomUUID(), body: JSON.stringify({ type: 'ticket.filed' }) };
const secrets = [makeWebhookSecret()];
const stop = new AbortController();
const agents: ReturnType<typeof agentOf>[] = [];
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.answers(204));
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  await receiver.stop();
});

function sendTo(url: string, egress: Egress = here, signal = stop.signal, message = MESSAGE) {
  const agent = agentOf(egress);
  agents.push(agent);
  return send({ egress, agent }, { url, secrets }, message, new Date(), signal);
}

describe('a signature', () => {
  test('is what Standard Webhooks verifies, over id, time and body', () => {
    const at = new Date();
    const headers = signedHeaders(MESSAGE, secrets, at);
    const [secret = ''] = secrets;

    expect(new Webhook(secret).verify(MESSAGE.body, headers)).toEqual({ type: 'ticket.filed' });
    for (const changed of [
      { 'webhook-id': 'other' },
      { 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000) - 1) },
    ])
      expect(() => new Webhook(secret).verify(MESSAGE.body, { ...headers, ...changed })).toThrow('signature');
    expect(() => new Webhook(secret).verify(`${MESSAGE.body} `, headers)).toThrow('signature');
    expect(() => new Webhook(makeWebhookSecret()).verify(MESSAGE.body, headers)).toThrow('signature');
  });

  test('is there for each of two secrets while one is put in the other’s place', () => {
    const both = [makeWebhookSecret(), makeWebhookSecret()];
    const headers = signedHeaders(MESSAGE, both, new Date());

    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of both)
      expect(new Webhook(secret).verify(MESSAGE.body, headers)).toEqual({ type: 'ticket.filed' });
  });

  test('is made with 32 random bytes, as the specification writes them', () => {
    expect(makeWebhookSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(makeWebhookSecret()).not.toBe(makeWebhookSecret());
  });
});

test('what is sent arrives with the body that was signed', async () => {
  expect(await sendTo(`${receiver.url}/taken`)).toEqual({ status: 204, answer: null, fault: null, wants: null });
  const [got] = receiver.at('/taken');

  expect(new Webhook(secrets[0] ?? '').verify(got?.body ?? '', got?.headers as Record<string, string>)).toEqual({
    type: 'ticket.filed',
  });
  expect(got?.headers['content-type']).toBe('application/json');
});

test('nothing is sent without a secret that can be opened', async () => {
  const agent = agentOf(here);
  agents.push(agent);
  const answered = await send(
    { egress: here, agent },
    { url: `${receiver.url}/unsigned`, secrets: [] },
    MESSAGE,
    new Date(),
    stop.signal,
  );

  expect(answered).toMatchObject({ status: null, fault: expect.stringContaining('Make a new secret') });
  expect(receiver.at('/unsigned')).toEqual([]);
});

describe('an answer', () => {
  test.each([
    [200, null],
    [299, null],
    [301, 'Redirects are not followed'],
    [400, 'It answered 400.'],
    [410, 'gone for good'],
    [500, 'It answered 500.'],
  ])('with %s', async (status, fault) => {
    receiver.answers(status);
    const answered = await sendTo(`${receiver.url}/status`);

    expect(answered.status).toBe(status);
    expect(answered.fault).toEqual(fault === null ? null : expect.stringContaining(fault));
  });

  test('that leads to the metadata of the machine is not followed', async () => {
    receiver.answers((_got, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    );

    expect(await sendTo(`${receiver.url}/leads`)).toMatchObject({
      status: 302,
      fault: expect.stringContaining('not followed'),
    });
  });

  test('that leads to a second address of the same host is not followed either', async () => {
    receiver.answers((_got, response) => response.writeHead(307, { location: `${receiver.url}/second` }).end());

    await sendTo(`${receiver.url}/first`);
    expect(receiver.at('/second')).toEqual([]);
  });

  test('without end is read to its beginning, as text', async () => {
    let open = true;
    receiver.answers((_got, response) => {
      response.writeHead(500, { 'content-type': 'text/html' });
      const more = () => open && response.write(`<script>alert(1)</script>\u0000${'x'.repeat(65_536)}`, more);
      response.on('close', () => {
        open = false;
      });
      more();
    });
    const began = performance.now();
    const answered = await sendTo(`${receiver.url}/huge`);

    // By its size, and not by the deadline.
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(answered.answer?.length).toBe(1_000);
    expect(answered.answer).toMatch(/^<script>alert\(1\)<\/script>\ufffdx+$/);
    while (open) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  test.each([
    ['429', 429, 120],
    ['503', 503, 120],
    ['500, which asks for nothing', 500, null],
  ])('that asks for a pause with %s', async (_, status, wants) => {
    receiver.answers((_got, response) => response.writeHead(status, { 'retry-after': '120' }).end());

    expect(await sendTo(`${receiver.url}/pause`)).toMatchObject({ status, wants });
  });
});

/** A server that says what it says, byte by byte. */
async function slowly(text: string, milliseconds: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    let at = 0;
    const saying = setInterval(() => {
      if (socket.destroyed || at === text.length) return clearInterval(saying);
      socket.write(text.charAt(at));
      at += 1;
    }, milliseconds);
    socket.once('close', () => clearInterval(saying));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stopAll = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`, sockets, stop: stopAll };
}

describe('a server that takes its time', () => {
  test('and says its status one byte a second is given up by the deadline', async () => {
    const server = await slowly('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 1_000);
    const began = performance.now();
    const answered = await sendTo(server.url);

    expect(answered).toMatchObject({ status: null, fault: 'It did not answer within 15 seconds.' });
    expect(performance.now() - began).toBeLessThan(17_000);
    await server.stop();
  }, 30_000);

  test('and says 200 at once, then one byte a second, has taken it: the rest is not waited for beyond the deadline', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n';
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.write(head);
      const saying = setInterval(() => socket.write('x'), 1_000);
      socket.once('close', () => clearInterval(saying));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const began = performance.now();
    const answered = await sendTo(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);

    expect(answered).toMatchObject({ status: 200, fault: null, answer: expect.stringMatching(/^x{10,16}$/) });
    expect(performance.now() - began).toBeLessThan(17_000);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }, 30_000);

  test('is left at once when the worker stops, and nothing is said of it', async () => {
    const server = await slowly('HTTP/1.1 200 OK\r\n', 1_000);
    const stopping = new AbortController();
    const sent = sendTo(server.url, here, stopping.signal);
    setTimeout(() => stopping.abort(new Error('the worker stops')), 50);

    await expect(sent).rejects.toThrow('the worker stops');
    await server.stop();
  });
});

/** Names as a test says they are. */
function answering(names: Record<string, string>): typeof lookup {
  return ((hostname: string, _options: unknown, callback: (error: Error | null, all: LookupAddress[]) => void) => {
    const address = names[hostname] ?? '';
    setImmediate(() => callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]));
  }) as unknown as typeof lookup;
}

describe('an address that is not on the internet', () => {
  test.each([
    ...[
      '10.0.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '192.168.1.1',
      '172.16.0.1',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '240.0.0.1',
    ],
    ...[
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[fe80::1]',
      '[fc00::1]',
      '[64:ff9b::a9fe:a9fe]',
      '[2002:a9fe:a9fe::]',
      '[ff02::1]',
      '[2001:db8::1]',
    ],
    ...['2130706433', '0x7f.1', '0177.0.0.1', 'localhost', '127.0.0.1.'],
  ])('is sent nothing: %s', async (host) => {
    const answered = await sendTo(`https://${host}:${new URL(receiver.url).port}/inside`, egressOf([]));

    expect(answered).toEqual({
      status: null,
      answer: null,
      fault: 'Its address does not lead to the internet, so nothing was sent there.',
      wants: null,
    });
  });

  test.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['10.1.2.3'],
    ['::1'],
    ['::ffff:10.0.0.1'],
    ['fd00:ec2::254'],
    ['64:ff9b::7f00:1'],
  ])('is sent nothing under a name that leads there: %s', async (address) => {
    const egress = egressOf([], answering({ 'inside.example': address }));

    expect((await sendTo('https://inside.example/', egress)).fault).toContain('does not lead to the internet');
  });

  test('is sent nothing without TLS, unless the operator names it', async () => {
    const egress = egressOf([], answering({ 'plain.example': '8.8.8.8' }));

    expect((await sendTo('http://plain.example/', egress)).fault).toContain('nothing was sent there');
    expect((await sendTo(`${receiver.url}/named`)).status).toBe(204);
  });
});

test.each([
  ['that refuses the connection', 'http://127.0.0.1:1/', 'refused the connection'],
  ['whose name nobody knows', 'https://nowhere.invalid/', 'name of its host is not known'],
])('a host %s is told of in words', async (_, url, fault) => {
  expect((await sendTo(url)).fault).toContain(fault);
});

test('a server without a certificate that can be trusted is sent nothing', async () => {
  const { port } = new URL(receiver.url);
  const answered = await sendTo(`https://127.0.0.1:${port}/plain`);

  expect(answered).toMatchObject({ status: null, fault: expect.stringMatching(/certificate|broke off/) });
  expect(receiver.at('/plain')).toEqual([]);
});
