import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Storage } from '../core/kernel/files.ts';
import { diskStorage } from './disk.ts';

let directory: string;
let storage: Storage;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-files-'));
  storage = diskStorage(directory);
});
afterAll(() => rm(directory, { recursive: true }));

const names = async () =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());

test('what is stored is there until it is removed, for nobody else on the machine', async () => {
  const name = randomUUID();
  await storage.put(name, Readable.from([Buffer.from('one '), Buffer.from('two')]));

  const read: Uint8Array[] = [];
  for await (const piece of (await storage.get(name)) ?? []) read.push(piece);
  expect(Buffer.concat(read).toString()).toBe('one two');
  expect((await stat(join(directory, name.slice(0, 2), name))).mode & 0o077).toBe(0);
  await storage.remove(name);
  await storage.remove(name);
  expect(await storage.get(name)).toBeNull();
});

test('what breaks off in the middle leaves nothing', async () => {
  async function* broken() {
    yield Buffer.from('one');
    throw new Error('the browser hung up');
  }

  await expect(storage.put(randomUUID(), broken())).rejects.toThrow('hung up');
  expect(await names()).toEqual([]);
});

test('a name that is none of ours is no path', async () => {
  for (const name of ['../outside', '..', 'a/b', `${randomUUID()}/../x`])
    await expect(async () => storage.put(name, Readable.from([Buffer.from('x')]))).rejects.toThrow('a name of ours');
});
