import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fanOut } from '../core/kernel/delivery.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';
import { verify } from './verify.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

async function verified(tenantId: string): Promise<[code: number, lines: string]> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  return [await verify({ app, tenantId: async () => tenantId, json: false, print }), lines.join('\n')];
}

test('an event that nobody was told of is a fault of its firm, until it is delivered', async () => {
  const another = await makeFirm(app.database, 'Another Studio');
  const input = { project: firm.acme.project, title: 'Wrong', description: 'It is broken' };
  await runCommand(app, as(firm, firm.acme.approver), { name: 'ticket.file-bug', input, requestId: 'one' });
  const events = await asOwner(app.database)('select id, name from event where tenant_id = $1', [firm.tenantId]);
  const before = await verified(firm.tenantId);
  const elsewhere = await verified(another.tenantId);
  for (const { id } of events) await fanOut(app, [], { tenantId: firm.tenantId, eventId: String(id) });
  const [, after] = await verified(firm.tenantId);

  expect(before[0]).toBe(1);
  expect(events).not.toHaveLength(0);
  expect(before[1]).toContain('FAULT  every event was delivered');
  for (const { id, name } of events) expect(before[1]).toContain(`         ${name} ${id}`);
  expect(elsewhere[1]).toContain('ok     every event was delivered');
  expect(after).toContain('ok     every event was delivered');
});
