import { z } from 'zod';
import { there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { keyCard, keysCard } from './cards.ts';
import { isOwnKey, Key, liveKeys, mayHaveKeys, key as thing } from './key.ts';

/** One of one's own keys. */
export const showKey = view({
  name: 'key.show',
  module: null,
  input: z.strictObject({ key: z.uuid() }),
  output: z.strictObject({ key: Key }),
  read: async (context, { key: id }) => {
    const found = await thing.read(context, id);
    return { key: there(found && isOwnKey(context.actor, found) ? found : null) };
  },
  card: ({ key }, { actor }) => keyCard(key, actor),
});

/** One's own keys that count. */
export const listKeys = view({
  name: 'key.list',
  module: null,
  input: z.strictObject({}),
  output: z.strictObject({ keys: z.array(Key) }),
  read: async (context) => {
    const { actor } = context;
    const owner = there(mayHaveKeys(actor) && actor.kind === 'person' ? actor.personId : null);
    return { keys: await liveKeys(context, owner) };
  },
  card: ({ keys }, drawing) => keysCard(keys, drawing),
});
