import { z } from 'zod';
import { event } from '../kernel/event.ts';

/** What happens to clients, and to accounts that are linked to people. What happens to people stands in person.ts. */
export const clientAdded = event({
  name: 'people.client-added',
  data: z.strictObject({ name: z.string() }),
  says: () => 'added the client',
  audience: [],
});

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
