import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ client }) => ({ client: client.id }),
  // As it is for everybody where nothing was said: what other areas try there waits for nobody else.
  more: { 'approval.set-rule': { input: { needed: '1' } } },
};
