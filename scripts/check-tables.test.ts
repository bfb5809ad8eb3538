import { expect, test } from '@jest/globals';
import { isIn, namesIn, ownersOf } from './sql/tables.ts';

const schema = `
/// What clients ask for.
/// Owned by core/tickets.
model Ticket {
  id String
  @@map("ticket")
}

model TicketMessage {
  @@map("ticket_message")
}
`;

test('whose a table is stands above its model, and one without an owner is a fault', () => {
  const { owners, faults } = ownersOf(schema);

  expect([...owners]).toEqual([['ticket', 'core/tickets']]);
  expect(faults).toEqual([expect.stringContaining('the model TicketMessage has no owner')]);
});

test('a table is found in SQL and behind Prisma, and nowhere else', () => {
  const tables = new Map([
    ['ticket', ''],
    ['ticket_message', ''],
  ]);
  const named = (code: string) =>
    namesIn(code, tables).map(({ table, writes }) => `${writes ? 'writes' : 'reads'} ${table}`);

  expect(named('sql`select 1 from project p\n  join ticket t on true`')).toEqual(['reads ticket']);
  expect(named('sql`insert into ticket_message select 1`')).toEqual(['writes ticket_message']);
  expect(named('client.query("delete from ticket where true")')).toEqual(['writes ticket']);
  expect(named(`const text = 'update ticket set a = 1'`)).toEqual(['writes ticket']);
  expect(named('context.prisma.ticketMessage.findMany()')).toEqual(['reads ticket_message']);
  expect(named(`const say = 'it came from ticket 12'; import { x } from './ticket.ts'; ticket.showing(id)`)).toEqual(
    [],
  );
});

test('an owner, and an exception, is a folder with all in it, or one file', () => {
  const place = (name: string) =>
    ['bots/turn.ts', 'bots/email/posted.ts', 'bots-old/turn.ts'].map((path) => isIn(path, name));

  expect(place('bots')).toEqual([true, true, false]);
  expect(place('bots/turn.ts')).toEqual([true, false, false]);
});
