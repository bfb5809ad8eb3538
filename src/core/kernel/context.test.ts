import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openingOf } from './context.ts';

const tenantId = randomUUID();
const who = { kind: 'system', tenantId, reason: 'asking what an act is about' } as const;

test('an act is about the thing that its input names, and first about whose that is', () => {
  const [ticket, project] = [randomUUID(), randomUUID()];

  expect(openingOf(who, { ticket, version: '1' }).about).toEqual({ entity: 'ticket', id: ticket });
  expect(openingOf(who, { ticket, project }).about).toEqual({ entity: 'project', id: project });
  expect(openingOf(who, { ticket: '#12', title: 'A bug' }).about).toBeUndefined();
});

test('an act is not about the organisation that a channel names, whose people would all wait for each other', () => {
  const [account, link] = [randomUUID(), randomUUID()];

  expect(openingOf(who, { account, link }, ['account']).about).toEqual({ entity: 'link', id: link });
  expect(openingOf(who, { account, email: 'a@b.example' }, ['account']).about).toBeUndefined();
});

test('what a room’s readers see is the same, whatever they ask about', () => {
  const room = { kind: 'audience', tenantId, roomId: randomUUID() } as const;

  expect(openingOf(room, { ticket: randomUUID() })).toEqual(openingOf(room));
});
