import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { area, buildRegistry } from '../../core/kernel/registry.ts';
import { view } from '../../core/kernel/view.ts';
import { watchViews } from './watch-views.ts';

const seen = view({
  name: 'test.seen',
  module: null,
  input: z.strictObject({}),
  output: z.strictObject({ kind: z.string() }),
  read: async ({ actor }) => ({ kind: actor.kind }),
  card: () => {
    throw new Error('nothing is drawn');
  },
});

test('tells when a person opens a view that is watched, in this registry alone, and answers as before', async () => {
  const opened: string[] = [];
  const watched = buildRegistry([area({ name: 'test', views: [seen] })]);
  const other = buildRegistry([area({ name: 'test', views: [seen] })]);
  const read = (registry: typeof watched, kind: string) =>
    registry.views.get('test.seen')?.read({ actor: { kind } } as never, {}, {} as never);

  watchViews(watched, ['test.seen', 'test.unknown'], (name) => opened.push(name));

  expect(await read(watched, 'system')).toEqual({ kind: 'system' });
  await read(other, 'person');
  expect(opened).toEqual([]);
  expect(await read(watched, 'person')).toEqual({ kind: 'person' });
  expect(opened).toEqual(['test.seen']);
});
