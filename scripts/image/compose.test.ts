import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { filledIn, graceOf, readCompose } from './compose.ts';

const COMPOSE = join(import.meta.dirname, '../../compose.yaml');
const SETTINGS = { PARLEY_SECRET: 's'.repeat(48), DATABASE_OWNER_PASSWORD: 'own', DATABASE_LOGIN_PASSWORD: 'log' };

test('settings take the place of their names, defaults that of absent ones', () => {
  expect(
    filledIn(`a ${'$'}{ONE} b ${'$'}{TWO:-two} c ${'$'}{THREE:?say it} d ${'$'}{FOUR}`, { ONE: '1', THREE: '3' }),
  ).toBe('a 1 b two c 3 d ');
});

test('a setting without a default that is missing is named with its cure', () => {
  expect(() => readCompose(COMPOSE, {})).toThrow('PARLEY_SECRET is missing: make one with openssl rand -base64 48');
});

test('the processes that face the world get no address of the owner, can write nowhere and gain no right', () => {
  const { database, migrate, web, worker } = readCompose(COMPOSE, SETTINGS);

  for (const service of [web, worker]) {
    expect(service?.environment).toMatchObject({ DATABASE_URL: '', DATABASE_OWNER_PASSWORD: '' });
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service?.depends_on.migrate?.condition).toBe('service_completed_successfully');
    expect(service && graceOf(service)).toBeGreaterThanOrEqual(10_000);
  }
  // The start takes every role of that prefix for one of run time, which may own nothing.
  expect(database?.environment.POSTGRES_USER).not.toMatch(/^parley_/);
  expect(migrate?.environment.DATABASE_URL).toContain('parley:own@database:5432');
  expect(database?.healthcheck?.test?.[0]).toBe('CMD-SHELL');
});
