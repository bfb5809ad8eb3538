import { beforeAll, describe } from '@jest/globals';
import type { Area } from '../core/kernel/registry.ts';
import type { AreaWorld, Tried } from './area-world.ts';
import { commandContract } from './command-contract.ts';
import type { Examples } from './examples.ts';
import { examplesOf } from './examples.ts';
import { viewContract } from './view-contract.ts';

/** What every area must do. Its commands and views are found in it; how they are tried stands in its `examples.ts`. */
export function areaContract(area: Area, world: () => AreaWorld): void {
  describe(`the contract of an area, kept by ${area.name}`, () => {
    let examples: Examples;
    beforeAll(async () => {
      examples = await examplesOf(area);
    });
    const tried = (): Tried => ({ ...world(), examples });
    for (const command of area.commands) commandContract(command, area, tried);
    for (const view of area.views) viewContract(view, tried);
  });
}
