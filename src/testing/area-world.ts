import { afterAll, beforeAll } from '@jest/globals';
import { testApp } from './app.ts';
import type { Examples, Stage } from './examples.ts';
import { stageOf } from './examples.ts';
import { makeFirm } from './firm.ts';

/** One database for all areas: a client, another client of the same firm, and a client of another firm. */
export interface AreaWorld {
  own: Stage;
  otherClient: Stage;
  otherFirm: Stage;
  /** Grows with everything that is done in any firm, because each act leaves an event. */
  acts(): Promise<number>;
}

/** The world in which an area is tried, with the area's examples. */
export interface Tried extends AreaWorld {
  examples: Examples;
}

/** Opens it before the first test of a file and closes it after the last. */
export function areaWorld(): () => AreaWorld {
  let world: AreaWorld;
  beforeAll(async () => {
    const app = await testApp();
    const firm = await makeFirm(app.database);
    const rival = await makeFirm(app.database, 'Rival & Sons');
    const own = stageOf(app, firm, firm.acme, 'Quince');
    world = {
      own,
      otherClient: stageOf(app, firm, firm.globex, 'Medlar'),
      otherFirm: stageOf(app, rival, rival.acme, 'Sorbus'),
      acts: async () => {
        const [last] = await own.owner('select max(seq) as seq from event');
        return Number(last?.seq);
      },
    };
  });
  afterAll(() => world?.own.app.close());
  return () => world;
}
