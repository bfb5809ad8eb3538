import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const program = join(import.meta.dirname, 'check-migrations.ts');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-migrations-'));
  cpSync(join(import.meta.dirname, '../prisma/migrations'), join(folder, 'migrations'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function check(...options: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder, ...options], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

const house = () => join(folder, 'migrations/20261121000000_house');

test('the landed migrations are as they were', () => {
  expect(check()).toMatchObject({ status: 0 });
});

test('one byte more in a landed migration is refused, with its name and the cure', () => {
  appendFileSync(join(house(), 'migration.sql'), '\n');

  expect(check()).toMatchObject({
    status: 2,
    said: expect.stringMatching(/20261121000000_house has landed and was changed.*new migration/),
  });
});

test('a landed migration that vanished or was renamed is refused', () => {
  renameSync(house(), `${house()}_2`);

  expect(check().status).toBe(2);
  expect(check().said).toMatch(/_house has landed and is gone/);
});

test('a new migration may come and change until it lands, and not afterwards', () => {
  const added = join(folder, 'migrations/29990101000000_added');
  cpSync(house(), added, { recursive: true });
  expect(check().status).toBe(0);
  appendFileSync(join(added, 'migration.sql'), '-- more');
  expect(check().status).toBe(0);

  expect(check('--land').status).toBe(0);
  appendFileSync(join(added, 'migration.sql'), '-- more');
  expect(check().said).toMatch(/29990101000000_added has landed and was changed/);
});

test('a new migration that upgraded databases would apply after later ones is refused', () => {
  cpSync(house(), join(folder, 'migrations/20261121000001_too_early'), { recursive: true });

  expect(check().said).toMatch(/_too_early sorts before .* which has landed/);
});

test('a list that cannot be read is no reason to be content', () => {
  const list = join(folder, 'migrations/landed.txt');
  writeFileSync(list, readFileSync(list, 'utf8').replace(/^../, ''));

  expect(check().status).not.toBe(0);
});
