import { expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { areas } from '../core/areas.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { openApiOf } from './openapi.ts';
import { servedOf } from './served.ts';

const described = openApiOf(servedOf(buildRegistry(areas)), 'https://parley.test/api/v1');

async function faultsIn(description: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({ source: JSON.stringify(description), absoluteRef: '/openapi.json', config });
  return found.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
}

test('the description of the API is OpenAPI 3.1 in which a linter finds nothing', async () => {
  expect(await faultsIn(described)).toEqual([]);
}, 60_000);

test('a linter finds what is wrong with one, so that the test before could fail', async () => {
  const wrong = {
    ...described,
    paths: { '/x': { get: { responses: { 200: { $ref: '#/components/responses/None' } } } } },
  };

  expect((await faultsIn(wrong)).filter((fault) => fault.startsWith('error')).length).toBeGreaterThan(0);
}, 60_000);
