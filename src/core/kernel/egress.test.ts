import type { LookupAddress, lookup } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { fetch } from 'undici';
import type { Egress } from './egress.ts';
import { agentOf, EgressRefused, egressOf, isHostOrRange } from './egress.ts';

/** A server inside, and what came to it. */
let came: string[] = [];
const inside = createServer((request, response) => {
  came.push(`${request.headers.host}${request.url}`);
  if (request.url === '/leads-inside') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
  else response.end('the metadata of this machine');
});
inside.on('connection', () => came.push('connected'));
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => inside.listen(0, '0.0.0.0', resolve));
  port = (inside.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => inside.close(resolve)));
beforeEach(() => {
  came = [];
});

type Resolving = typeof lookup;
/** Names as a test says they are; each answer of a list is given once, the last for ever. */
function answering(names: Record<string, string[][]>): { resolving: Resolving; asked: string[] } {
  const asked: string[] = [];
  const resolving = ((
    hostname: string,
    _options: unknown,
    callback: (error: Error | null, all: LookupAddress[]) => void,
  ) => {
    asked.push(hostname);
    const answers = names[hostname] ?? [];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    setImmediate(() =>
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  }) as unknown as Resolving;
  return { resolving, asked };
}

/** How connecting to a host ends, by a connection as mail servers get one. */
async function reached(egress: Egress, host: string): Promise<unknown> {
  try {
    const socket = connect({ ...egress.to(host), host: host.replace(/^\[(.*)\]$/, '$1'), port });
    return await new Promise((resolve, reject) => {
      socket.setTimeout(2_000, () => reject(new Error('time')));
      socket.once('connect', () => resolve('connected')).once('error', reject);
    }).finally(() => socket.destroy());
  } catch (error) {
    return error;
  }
}

const nobody = egressOf([]);
const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);

describe('a host that a firm names is not reached', () => {
  test.each([
    ...['127.0.0.1', '127.1.2.3', '127.1', '127.0.1', '0.0.0.0', '0', 'localhost', 'LOCALHOST', 'localhost.'],
    ...['2130706433', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '0177.0.0.1', '017700000001', '127.000.000.001'],
    ...[
      '::1',
      '[::1]',
      '::',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
      '[::ffff:7f00:1]',
      '::127.0.0.1',
      '::ffff:0:7f00:1',
    ],
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '0xa000001', '192.168.257'],
    ...['169.254.169.254', '0xa9fea9fe', '2852039166', '[::ffff:a9fe:a9fe]', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::'],
    ...['fd00:ec2::254', 'fc00::1', 'fe80::1', 'fe80::1%lo', 'fec0::1', 'ff02::1', '64:ff9b:1::7f00:1'],
    ...['100.64.0.1', '100.100.100.200', '168.63.129.16', '192.0.0.192', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...['2001:db8::1', '2001::1', '3fff::1', '240.0.0.1'],
  ])('spelt %s', async (host) => {
    const end = await reached(nobody, host);

    // What the system does not read as an address at all leads nowhere either.
    expect(end instanceof EgressRefused || ['ENOTFOUND', 'EAI_AGAIN'].includes((end as { code: string }).code)).toBe(
      true,
    );
    expect(came).toEqual([]);
  });

  test.each([
    ['http://2130706433'],
    ['http://0x7f.1'],
    ['http://0177.0.0.1'],
    ['http://[::ffff:127.0.0.1]'],
    ['http://127.0.0.1.'],
    ['http://①②⑦.⓪.⓪.①'],
    ['http://localhost'],
  ])('in the address %s', async (url) => {
    const dispatcher = agentOf(nobody);
    const end = await fetch(`${url}:${port}/`, { dispatcher }).catch((error: Error) => error.cause);

    expect(end).toBeInstanceOf(EgressRefused);
    expect(came).toEqual([]);
    await dispatcher.destroy();
  });

  test('by the address that this machine has itself, whatever it is', async () => {
    expect(own.length).toBeGreaterThan(0);
    for (const { address } of own) expect(await reached(nobody, address)).toBeInstanceOf(EgressRefused);
    expect(came).toEqual([]);
  });

  test('by a public address that is this machine’s own', () => {
    const egress = egressOf([], undefined, () => ['8.8.4.4', '2606:4700::1111']);

    expect(() => egress.to('8.8.4.4')).toThrow(EgressRefused);
    expect(() => egress.to('[2606:4700::1111]')).toThrow(EgressRefused);
    expect(() => egress.to('8.8.8.8')).not.toThrow();
  });

  test('by a name that leads inside, also where it leads outside as well', async () => {
    const { resolving } = answering({
      'inside.example': [['127.0.0.1', '::1', 'fd00:ec2::254']],
      'both.example': [['127.0.0.1', '203.0.113.9']],
    });
    for (const name of ['inside.example', 'both.example'])
      expect(await reached(egressOf([], resolving), name)).toBeInstanceOf(EgressRefused);
    expect(came).toEqual([]);
  });

  test('when a public name leads inside the next time: what was judged is what is connected to', async () => {
    const { resolving, asked } = answering({ 'changes.example': [['8.8.4.4'], ['127.0.0.1']] });
    const egress = egressOf([], resolving);
    const addresses = await new Promise((resolve) =>
      egress.to('changes.example').lookup('changes.example', { all: true }, (_error, all) => resolve(all)),
    );
    expect(addresses).toEqual([{ address: '8.8.4.4', family: 4 }]);

    expect(await reached(egress, 'changes.example')).toBeInstanceOf(EgressRefused);
    // Once for each connection: nobody asks again between judging and connecting.
    expect(asked).toHaveLength(2);
    expect(came).toEqual([]);
  });

  test('where a host that may be reached sends a request on to it', async () => {
    const { resolving } = answering({ 'outside.example': [['127.0.0.1']] });
    // The name is allowed, the address behind it is not.
    const dispatcher = agentOf(egressOf(['outside.example'], resolving));
    const end = await fetch(`http://outside.example:${port}/leads-inside`, { dispatcher }).catch(
      (error: Error) => error.cause,
    );

    expect(end).toBeInstanceOf(EgressRefused);
    expect(came).toEqual(['connected', `outside.example:${port}/leads-inside`]);
    await dispatcher.destroy();
  });
});

describe('a host that the operator allows is reached', () => {
  test.each([
    ['an address', ['127.0.0.1'], '127.0.0.1'],
    ['a range', ['10.0.0.0/8', '127.0.0.0/8'], '127.0.0.1'],
    ['a name', ['localhost'], 'localhost'],
    ['a name, in whatever case', ['LocalHost'], 'LOCALHOST'],
    ['an address under a name', ['127.0.0.1'], 'localhost'],
    ['an address in another spelling', ['127.0.0.1'], '0x7f.1'],
  ])('by %s', async (_, allowed, host) => {
    expect(await reached(egressOf(allowed), host)).toBe('connected');
  });

  test('and no other beside it', async () => {
    const { resolving } = answering({ 'jira.example': [['127.0.0.1']], 'sub.jira.example': [['127.0.0.1']] });
    const egress = egressOf(['jira.example', '127.0.0.9'], resolving);

    expect(await reached(egress, 'jira.example')).toBe('connected');
    expect(await reached(egress, 'sub.jira.example')).toBeInstanceOf(EgressRefused);
    expect(await reached(egress, '127.0.0.1')).toBeInstanceOf(EgressRefused);
  });
});

test.each([['8.8.8.8'], ['1.1.1.1'], ['2606:4700:4700::1111']])(
  'what is on the internet may be reached: %s',
  async (address) => {
    const { resolving } = answering({ 'mail.example': [[address]] });
    const egress = egressOf([], resolving);
    expect(() => egress.to(address)).not.toThrow();
    const found = await new Promise((resolve) =>
      egress.to('mail.example').lookup('mail.example', {}, (_error, one) => resolve(one)),
    );
    expect(found).toBe(address);
  },
);

test('what the environment names is not asked about', async () => {
  const dispatcher: Dispatcher = agentOf(undefined);
  const response = await fetch(`http://127.0.0.1:${port}/`, { dispatcher });
  expect(await response.text()).toBe('the metadata of this machine');
  await dispatcher.destroy();
});

test.each([
  ['jira.internal', true],
  ['10.0.0.0/8', true],
  ['10.0.0.1', true],
  ['fd00::/8', true],
  ['::1', true],
  ['10.0.0.0/33', false],
  ['fe80::1%lo', false],
  ['10.0.0.0/8/8', false],
  ['http://jira.internal', false],
  ['*', false],
  ['-', false],
  ['jira.internal/8', false],
])('the setting takes %s: %s', (text, isTaken) => {
  expect(isHostOrRange(text)).toBe(isTaken);
});
