import { afterAll, beforeAll } from '@jest/globals';
import type { z } from 'zod';
import { pathOf, servedOf } from '../api/served.ts';
import { areas } from '../core/areas.ts';
import type { Api } from './api.ts';
import { keyFor, serveApi } from './api.ts';
import type { AreaWorld } from './area-world.ts';
import { areaWorld } from './area-world.ts';
import type { Made } from './examples.ts';
import { examplesOf, givenFor, madeOn } from './examples.ts';

/** By whose key is asked. */
export type KeyName = 'admin' | 'clientAdmin' | 'otherClient' | 'otherFirm';

/** The API of a firm with things of every area, all of one client; another client's key, and another firm's. */
export interface ApiWorld {
  own: AreaWorld['own'];
  api: Api;
  keys: Readonly<Record<KeyName, string>>;
  /** What an input takes, of everything that was made. */
  inputFor(operation: Operation): Promise<Made>;
  /** Ids of everything that was made. */
  ids: readonly string[];
}

/** A view or command that programs may use. */
export interface Operation {
  method: 'GET' | 'POST';
  area: string;
  name: string;
  path: string;
  input: z.ZodType;
}

/** Words that only things of the client hold for whom everything was made. */
export const OWN = /Quince/;

const UUID = /^[0-9a-f]{8}-/;

export function apiWorld(): () => ApiWorld {
  const world = areaWorld();
  let opened: ApiWorld;
  beforeAll(async () => {
    const { own, otherClient, otherFirm } = world();
    const api = await serveApi(own.app, 1_000_000);
    const key = async (who: Parameters<typeof keyFor>[1]) => (await keyFor(own.app, who)).key;
    const keys = {
      admin: await key(own.roles.admin),
      clientAdmin: await key(own.roles['client admin']),
      otherClient: await key(otherClient.roles['client admin']),
      otherFirm: await key(otherFirm.roles.admin),
    };
    const made = new Map<string, Made>();
    for (const area of areas) made.set(area.name, await madeOn(own, await examplesOf(area)));
    const inputFor = async ({ area, name, input }: Operation) => {
      const given = givenFor(await examplesOf({ name: area }), { name }, made.get(area) ?? {});
      const shape = (input as unknown as { shape?: Record<string, unknown> }).shape ?? {};
      return Object.fromEntries(Object.entries(given).filter(([field]) => Object.hasOwn(shape, field)));
    };
    const all = [...made.values()].flatMap((one) => Object.values(one)).filter((one) => UUID.test(one));
    opened = { own, api, keys, inputFor, ids: [...new Set(all)] };
  }, 120_000);
  afterAll(() => opened?.api.stop());
  return () => opened;
}

/** All that the areas register for programs. */
export function operations(): Operation[] {
  return areas.flatMap(({ name: area, views, commands }) => {
    const named = <T extends { name: string }>(all: readonly T[]) => new Map(all.map((one) => [one.name, one]));
    const served = servedOf({ areas: [], views: named(views), commands: named(commands) } as never);
    const operation = (method: 'GET' | 'POST', { name, input }: { name: string; input: z.ZodType }) => ({
      ...{ method, area, name, input },
      path: pathOf(name),
    });
    return [
      ...[...served.views.values()].map((one) => operation('GET', one)),
      ...[...served.commands.values()].map((one) => operation('POST', one)),
    ];
  });
}
