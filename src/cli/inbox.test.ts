import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeDeliveries } from '../core/kernel/inbox.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import { makeFirm } from '../testing/firm.ts';
import { showDelivery, takeAttachment } from './delivery.ts';
import { inbox } from './inbox.ts';
import type { Terminal } from './terminal.ts';

let app: TestApp;
let terminal: Terminal;
let id: string;
const printed: string[] = [];
const said = () => printed.splice(0).join('\n');

const MAIL = [
  'From: Ann <ann@acme.example>',
  'Subject: The broken page',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'See the file.',
  '--b',
  'Content-Type: application/octet-stream; name="../page.html"',
  'Content-Disposition: attachment; filename="../page.html"',
  '',
  '<script>1</script>',
  '--b--',
  '',
].join('\r\n');

beforeAll(async () => {
  app = await testApp();
  const { tenantId } = await makeFirm(app.database);
  terminal = { app, tenantId: async () => tenantId, json: false, print: (line) => printed.push(line) };
  const headers = { from: 'Ann <ann@acme.example>', subject: 'The broken page' };
  const delivery = {
    source: 'email',
    account: 'r',
    deliveryId: '<1@x>',
    kind: 'mail',
    headers,
    body: Buffer.from(MAIL),
  };
  await storeDeliveries(app, { tenantId }, [delivery]);
  const [row] = await asOwner(app.database)(
    `update inbox set status = 'quarantined', outcome = 'not verified' returning id`,
  );
  id = String(row?.id);
});
afterAll(() => app.close());

test('what is in quarantine is listed with its sender and subject', async () => {
  await inbox(terminal);

  expect(said()).toContain('from Ann <ann@acme.example>: The broken page');
});

test('a mail is shown with its files, by names that are no paths', async () => {
  await showDelivery(terminal, id);

  expect(said()).toMatch(/quarantined: not verified[\s\S]*file 1: page\.html \(18 bytes\)[\s\S]*not scanned/);
});

test('a file of a mail can be taken out, over no other file', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'parley-')), 'page');

  await takeAttachment(terminal, id, '1', path);

  expect(await readFile(path, 'utf8')).toBe('<script>1</script>');
  await expect(takeAttachment(terminal, id, '1', path)).rejects.toThrow(/EEXIST/);
  await expect(takeAttachment(terminal, id, '2', `${path}2`)).rejects.toThrow('there is no file 2');
  await expect(showDelivery(terminal, 'x')).rejects.toThrow('There is no delivery x');
});
