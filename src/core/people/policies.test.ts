import { describe, expect, test } from '@jest/globals';
import type { Person } from '../kernel/actor.ts';
import { isApprover, may } from './policies.ts';

const contact: Person = {
  kind: 'person',
  tenantId: 'firm',
  personId: 'person',
  name: 'Con Tact',
  side: 'contact',
  role: 'client_member',
  clientId: 'client',
  memberships: { website: 'approver', shop: 'viewer' },
  grants: {},
  timezone: 'Europe/Berlin',
  channel: 'slack',
  assurance: 'chat',
};

describe('a contact', () => {
  test('may in each project what their role there allows, and nothing in others', () => {
    expect(may(contact, 'edit', 'tickets', 'website')).toBe(true);
    expect(may(contact, 'edit', 'tickets', 'shop')).toBe(false);
    expect(may(contact, 'read', 'tickets', 'shop')).toBe(true);
    expect(may(contact, 'read', 'tickets', 'elsewhere')).toBe(false);
    expect(may(contact, 'read', 'tickets')).toBe(false);
  });

  test('binds the client where they are an approver alone', () => {
    expect([isApprover(contact, 'website'), isApprover(contact, 'shop'), isApprover(contact, 'elsewhere')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('is held to their own grants before those of their role', () => {
    const granted: Person = { ...contact, grants: { tickets: 'none', billing: 'read' } };

    expect(may(granted, 'read', 'tickets', 'website')).toBe(false);
    expect(may(granted, 'read', 'billing', 'elsewhere')).toBe(true);
  });
});
