import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readSignIn } from '../core/kernel/links.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import { linkCode } from './link-code.ts';
import { portalLink } from './portal-link.ts';
import type { Terminal } from './terminal.ts';

let app: TestApp;
let firm: TestFirm;
let another: TestFirm;
let terminal: Terminal;
const printed: string[] = [];
const said = () => printed.splice(0).join('\n');
/** Written as somebody types it who holds the key for capitals. */
const addressOf = (person: string) => `${person}@Example.COM`.toUpperCase();

beforeAll(async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  app = await testApp();
  firm = await makeFirm(app.database);
  another = await makeFirm(app.database, 'Another Studio');
  await asOwner(app.database)('update person set active = false where id = $1', [firm.partner]);
  terminal = { app, tenantId: async () => firm.tenantId, json: false, print: (line) => printed.push(line) };
});
afterAll(async () => {
  jest.restoreAllMocks();
  await app.close();
});

test('a code is made for whoever has the address', async () => {
  expect(await linkCode(terminal, [addressOf(firm.member)])).toBe(0);
  expect(said()).toMatch(/^The code for Mia Member is \w{4} \w{4}\n/);
});

test('a link signs in whoever has the address', async () => {
  expect(await portalLink(terminal, [addressOf(firm.acme.approver)])).toBe(0);
  const token = said().split('/').at(-1) ?? '';
  expect(readSignIn(app.secrets, token, app.clock.now())).toMatchObject({
    tenantId: firm.tenantId,
    personId: firm.acme.approver,
    expired: false,
  });
});

describe.each([
  ['a code', linkCode],
  ['a link', portalLink],
])('%s is made for nobody', (_what, make) => {
  test.each([
    ['whose access has ended', () => firm.partner],
    ['of another firm', () => another.member],
    ['who was never invited', () => 'nobody'],
  ])('%s, and the sentence says so', async (_who, person) => {
    await expect(make(terminal, [addressOf(person())])).rejects.toThrow('Nobody who has access was invited as');
    expect(said()).toBe('');
  });

  test('when no address is given', async () => {
    expect(await make(terminal, [])).toBe(2);
  });
});
