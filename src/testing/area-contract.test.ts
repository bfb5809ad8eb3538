import { expect, test } from '@jest/globals';
import { areas } from '../core/areas.ts';
import { areaContract } from './area-contract.ts';
import { areaWorld } from './area-world.ts';
import { examplesOf } from './examples.ts';

const world = areaWorld();

for (const area of areas) areaContract(area, world);

test('an area without examples fails, and is told what it lacks', async () => {
  await expect(examplesOf({ name: 'new-area' })).rejects.toThrow('write src/core/new-area/examples.ts');
});
