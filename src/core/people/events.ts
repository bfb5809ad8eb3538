import { z } from 'zod';
import { event } from '../kernel/event.ts';

/**
 * What happens to accounts that are linked to people. Not by `link.event`: what is refused is often about no request that is
 * there, and whose client it concerns says the person.
 */
export const codeRequested = event({
  name: 'identity.code-requested',
  data: z.strictObject({ person: z.uuid(), provider: z.string() }),
  says: ({ provider }) => `asked for a code in ${provider}`,
  audience: ({ data }) => [{ person: data.person }],
});
export const codeRefused = event({
  name: 'identity.code-refused',
  data: z.strictObject({ provider: z.string() }),
  says: () => 'was refused',
  audience: [],
});
export const confirmed = event({
  name: 'identity.confirmed',
  data: z.strictObject({ link: z.uuid() }),
  says: () => 'confirmed an account',
  audience: [],
});
/** Whoever got in under somebody's name does not stay unnoticed. */
export const linked = event({
  name: 'identity.linked',
  data: z.strictObject({ person: z.uuid(), provider: z.string(), identity: z.uuid() }),
  says: ({ provider }) => `linked an account in ${provider}`,
  audience: ({ data }) => [{ person: data.person, everywhere: true }],
});
export const unlinked = event({
  name: 'identity.unlinked',
  data: z.strictObject({ provider: z.string() }),
  says: ({ provider }) => `took an account in ${provider} off`,
  audience: [],
});
