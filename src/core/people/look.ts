import { z } from 'zod';
import { event } from '../kernel/event.ts';
import { instant } from '../kernel/instant.ts';

/** For so long after the press a member of the team sees what a contact sees (feature A9). */
export const LOOK_MINUTES = 30;

/** A look that is under way, for whoever began it. */
export const Look = z.strictObject({
  person: z.uuid().describe('Whose view it is'),
  name: z.string().describe('What they are called'),
  client: z.string().describe('What their client is called'),
  until: instant().describe('When it ends by itself'),
});
export type Look = z.infer<typeof Look>;

/** One page of a look was opened. */
export const looked = event({
  name: 'people.looked',
  data: z.strictObject({ person: z.uuid(), staff: z.uuid(), page: z.string() }),
  says: ({ page }) => `was shown ${page} as they see it`,
  audience: [],
});
