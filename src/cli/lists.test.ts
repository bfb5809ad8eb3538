import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { parseInput } from '../core/kernel/command.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { makeFirm } from '../testing/firm.ts';
import { printCommands } from './commands.ts';
import { LISTS, printList } from './lists.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(async () => {
  await app.close();
});

async function listed(name: string, json = false, chosen: Record<string, string> = {}): Promise<string> {
  const lines: string[] = [];
  await printList({ app, tenantId: async () => firm.tenantId, json, print: (line) => lines.push(line) }, name, chosen);
  return lines.join('\n');
}

test('clients, projects, rooms, connections and people are listed with the ids that commands ask for', async () => {
  expect(await listed('clients')).toContain(firm.acme.id);
  expect(await listed('projects')).toContain(firm.acme.project);
  expect(await listed('people')).toContain(firm.acme.approver);
  expect(await listed('connections')).toMatch(/tool +account/);
  const [room] = await asOwner(app.database)('select id from room where tenant_id = $1 limit 1', [firm.tenantId]);
  expect(await listed('rooms')).toContain(String(room?.id));
  for (const name of Object.keys(LISTS)) expect(JSON.parse(await listed(name, true))).not.toHaveLength(0);
});

test('a list is printed to its end, and narrowed as on its pages', async () => {
  const [own] = await asOwner(app.database)('select timezone from client where id = $1', [firm.acme.id]);
  for (let index = 0; index < 23; index += 1)
    await asOwner(app.database)('insert into client (tenant_id, id, name, timezone) values ($1, $2, $3, $4)', [
      firm.tenantId,
      crypto.randomUUID(),
      `Client ${index % 5}`,
      own?.timezone,
    ]);

  const clients = JSON.parse(await listed('clients', true)) as { id: string; name: string }[];
  expect(clients.map(({ name }) => name)).toEqual(clients.map(({ name }) => name).sort());
  expect(new Set(clients.map(({ id }) => id)).size).toBe(25);

  const staff = JSON.parse(await listed('people', true, { side: 'staff' })) as { side: string }[];
  expect(new Set(staff.map(({ side }) => side))).toEqual(new Set(['staff']));
  await expect(listed('people', true, { side: 'nobody' })).rejects.toMatchObject({ code: 'invalid' });
});

test('a name cannot act on the terminal', async () => {
  await asOwner(app.database)('update client set name = $2 where id = $1', [firm.acme.id, 'Acme\u001b[2J']);

  expect(await listed('clients')).toContain('Acme [2J');
});

test('each command is shown with its arguments, and each argument with what it may be', () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);

  expect(printCommands(app.registry, undefined, print)).toBe(0);
  expect(lines).toHaveLength(app.registry.commands.size + 1);
  expect(lines.join('\n')).toMatch(/project\.bind-room channel=… account=… address=… name=… audience=… \[client=…\]/);
  lines.length = 0;
  expect(printCommands(app.registry, 'project.bind-room', print)).toBe(0);
  expect(lines.join('\n')).toMatch(/audience +client \| internal \| triage\n/);
  expect(lines.join('\n')).toMatch(/project +an id, as the lists show it \(may be left out\)/);
  lines.length = 0;
  expect(printCommands(app.registry, 'ticket.decline', print)).toBe(0);
  expect(lines.join('\n')).toMatch(
    /reason +a text of at most 30000 characters – Why\? The client sees this\.\n|reason +a text of at most 30000 characters – Why\? The client sees this\.$/,
  );
  expect(printCommands(app.registry, 'project.bind', print)).toBe(2);
});

test('a field that is missing or wrong is said in plain words', () => {
  const schema = z.strictObject({
    client: z.uuid(),
    name: z.string().min(1),
    kind: z.enum(['a', 'b']),
    n: z.number().max(3),
  });
  const fieldsOf = (input: unknown) => {
    try {
      parseInput(schema, input);
      return {};
    } catch (error) {
      return (error as { detail: { fields: object } }).detail.fields;
    }
  };

  expect(fieldsOf({})).toEqual({ client: 'is missing', name: 'is missing', kind: 'is missing', n: 'is missing' });
  expect(fieldsOf({ client: 'x', name: '', kind: 'c', n: 'x' })).toEqual({
    client: 'must be an id as the lists show it, like 3f2c1a9e-…',
    name: 'must not be empty',
    kind: 'must be a or b',
    n: 'must be a number',
  });
});
