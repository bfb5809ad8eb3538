import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from './config.ts';
import type { Hub } from './hub.ts';
import { startHub } from './hub.ts';
import { SECRET } from './testing/database.ts';

let hub: Hub;

beforeAll(async () => {
  const settings = { PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: 'memory://', PORT: '0', API_PER_MINUTE: '2' };
  hub = await startHub(readConfig(settings), { web: true, worker: false, log: pino({ level: 'silent' }) });
}, 60_000);
afterAll(() => hub.stop());

test('how often the API is asked is a setting: an address has the requests of five keys', async () => {
  const statuses: number[] = [];
  for (let count = 0; count < 11; count += 1)
    statuses.push(
      (await fetch(`${hub.url}/api/v1/project/list`, { headers: { authorization: 'Bearer none' } })).status,
    );

  expect(statuses).toEqual([...Array(10).fill(401), 429]);
});
