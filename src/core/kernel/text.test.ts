import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inboundFor } from '../../bots/inbound.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { answerPress } from './answer.ts';
import { storeDeliveries, workDelivery } from './inbox.ts';
import { runCommand } from './registry.ts';
import { oneLine } from './text.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const UNSTORABLE = ['Acme\0 shop', 'Acme \ud83d shop', '\udc00'];

test.each(UNSTORABLE)('a name that no database can hold (%j) is a fault of its field', async (name) => {
  const input = { client: firm.acme.id, name };
  const request = { name: 'project.open', input, requestId: `open ${name.length}` };

  await expect(runCommand(app, as(firm, firm.admin), request)).rejects.toMatchObject({
    code: 'invalid',
    detail: { fields: { name: expect.stringContaining('cannot be kept') } },
  });
});

test.each(UNSTORABLE)('an identifier that no database can hold (%j) is refused, not an error', async (id) => {
  const press = { target: 'project.show', input: { project: firm.acme.project } };
  const install = { tool: 'slack' as const, account: firm.tenantId };
  const sender = { provider: 'slack' as const, account: firm.tenantId, assurance: 'chat' as const };
  const inbound = inboundFor(app);

  expect(await answerPress(app, as(firm, firm.admin), { press, requestId: id })).toMatchObject({ kind: 'card' });
  expect(
    await answerPress(app, as(firm, firm.admin), {
      press: { target: 'project.open', input: { client: firm.acme.id, name: 'Shop' } },
      requestId: id,
    }),
  ).toMatchObject({ kind: 'refused', code: 'invalid' });
  expect(await inbound.press({ who: { install, ...sender, externalId: id }, press, requestId: 'a' })).toMatchObject({
    kind: 'refused',
    code: 'invalid',
  });
  expect(
    await inbound.press({
      who: { install: { tool: 'slack', account: id }, ...sender, externalId: 'U1' },
      press: { target: 'identity.link', input: {} },
      requestId: 'b',
    }),
  ).toMatchObject({ kind: 'refused', code: 'not_found' });
});

test('a delivery is kept whatever characters its names hold, and so is how it ended', async () => {
  const delivery = {
    source: 'odd',
    account: 'a\0b',
    deliveryId: 'one \ud83d',
    kind: 'k\0',
    headers: { 'x-odd': 'h\0' },
    body: Buffer.from('raw\0'),
  };

  const stored = await storeDeliveries(app, { tenantId: firm.tenantId }, [delivery, delivery]);
  const [row] = await asOwner(app.database)(`select id, kind, body from inbox where status = 'waiting'`);
  const work = async () => ({ status: 'quarantined' as const, outcome: 'said \0' });
  await workDelivery(
    app,
    new Map([['odd', { name: 'odd', work }]]),
    { tenantId: firm.tenantId, id: String(row?.id) },
    0,
  );

  expect(stored).toEqual(['stored', 'duplicate']);
  expect(row).toMatchObject({ kind: 'k\u{fffd}' });
  expect(await asOwner(app.database)(`select outcome from inbox where status = 'quarantined'`)).toEqual([
    { outcome: 'said \u{fffd}' },
  ]);
  expect(await storeDeliveries(app, { tool: 'slack', account: 'a\0' }, [delivery])).toBeNull();
});

test('one line has no line breaks, no controls and nothing that turns its reading order; its words stay', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = oneLine(text);

      // A NUL stays, so that whoever takes it in refuses it.
      expect(line.replaceAll('\0', '')).not.toMatch(
        /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
      );
      expect(oneLine(line)).toBe(line);
    }),
  );
  expect(oneLine(' a\r\nb\t\u202ec\u202c 👨\u200d👩 ')).toBe('a b c 👨\u200d👩');
});
