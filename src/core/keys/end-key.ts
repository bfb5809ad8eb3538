import { ended, isOwnKey, key } from './key.ts';

/** Ends a key at once: whoever has it is refused from now on. */
export const endKey = key.command({
  name: 'key.end',
  version: 'optional',
  button: { label: 'End it', word: 'END', style: 'danger' },
  who: isOwnKey,
  when: ({ endedAt }) => endedAt === null,
  decide: (it, _input, { now }) => ({ ...it, endedAt: now }),
  event: (before, after) => ended.of(before, after, { person: after.personId }),
  say: ({ name }) => `The key “${name}” counts no more.`,
});
