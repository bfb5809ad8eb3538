import { z } from 'zod';
import type { Life } from '../kernel/registry.ts';

/** Links that a person may ask for in an hour. */
export const LINKS_AN_HOUR = 5;

export const EVENTS = {
  linkAsked: 'session.link-asked',
  begun: 'session.begun',
  ended: 'session.ended',
} as const;

export const LIVES: Life[] = [
  { table: 'session', kept: '90 days once ended', sweep: 'parley_sweep_session' },
  { table: 'sign_in', kept: '30 days', sweep: 'parley_sweep_sign_in' },
];

/** A browser that is or was signed in, as it is named to its person. */
export const Session = z.strictObject({
  id: z.uuid(),
  device: z.string(),
  place: z.string().describe('The network address that it was begun from'),
  begunAt: z.date(),
  seenAt: z.date(),
});
export type Session = z.infer<typeof Session>;
