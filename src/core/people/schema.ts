import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { choice, chosen, nameOf, otherwise } from '../kernel/field.ts';

export const STAFF_ROLES = ['admin', 'partner', 'member'] as const;
export const CONTACT_ROLES = ['client_member', 'client_admin'] as const;
/** What a contact may be in a project (A3). */
export const PARTS = ['approver', 'viewer', 'feedback'] as const;

/** How roles are called in a sentence and in a form. */
export const ROLE_NAMES = {
  admin: 'administrator',
  partner: 'partner',
  member: 'member of the team',
  client_member: 'contact',
  client_admin: 'administrator of the client',
} as const;

/** A company that the firm works for. */
export const Client = z.strictObject({
  id: z.uuid().describe('The client’s id'),
  name: z.string().describe('What the client is called'),
  timezone: z.string().describe('By which its days are counted: a name of the IANA time zone database'),
  version: z.int().describe('Counts every change of the client'),
});
export type Client = z.infer<typeof Client>;

/** A client, as events and answers tell it. */
export const ClientFacts = Client.pick({ name: true, timezone: true, version: true });

const Named = z.strictObject({
  id: z.uuid().describe('Its own id'),
  name: z.string().describe('What it is called'),
});

/** A client as its card shows it: the first of what it has, as far as its reader may see it. */
export const ShownClient = Client.extend({
  projects: z.array(Named.extend({ stage: z.string().describe('Where it stands') })).describe('What is worked on'),
  people: z.array(Named.extend({ role: z.enum(CONTACT_ROLES).describe('What they may do') })).describe('Its contacts'),
  rooms: z
    .array(
      Named.extend({ channel: z.string().describe('The platform'), audience: z.string().describe('Who reads it') }),
    )
    .describe('Where its cards stand; for the firm alone'),
});
export type ShownClient = z.infer<typeof ShownClient>;

/** Somebody of the firm or of one of its clients. */
export const Person = z.strictObject({
  id: z.uuid().describe('The person’s id'),
  side: z.enum(['staff', 'contact']).describe('Of the firm, or of a client'),
  clientId: z.uuid().nullable().describe('Whose contact it is'),
  name: z.string().describe('What they are called'),
  role: z.enum([...STAFF_ROLES, ...CONTACT_ROLES]).describe('What they may do where nothing else is said'),
  active: z.boolean().describe('Whether any account of theirs still acts'),
  grants: z.record(z.string(), z.string()).describe('What they may do per module, where that is not their role’s'),
  version: z.int().describe('Counts every change of the person'),
});
export type Person = z.infer<typeof Person>;

/** How a person stands, as events and answers tell it. */
export const Facts = Person.pick({ name: true, role: true, active: true, version: true });

/** Where somebody has a part: a contact in projects, a member of the team with clients. */
const Place = z.strictObject({
  id: z.uuid().describe('The project or client'),
  name: z.string().describe('What it is called'),
  part: z.string().nullable().describe('What a contact may do in the project'),
});
export type Place = z.infer<typeof Place>;

/** A person as their card shows them. */
export const ShownPerson = Person.extend({
  clientName: z.string().nullable().describe('What the client is called'),
  places: z.array(Place).describe('The projects in which they have a part, or the clients for whom they work'),
});
export type ShownPerson = z.infer<typeof ShownPerson>;

/** A place in the IANA time zone database. */
export const timezone = z
  .string()
  .refine((zone) => IANAZone.isValidZone(zone), 'is not a known time zone; write it like Europe/Berlin')
  .meta({ label: 'Time zone', placeholder: 'Europe/Berlin' });

export const email = z
  .email('does not look like a mail address')
  .transform((address) => address.toLowerCase())
  .meta({ label: 'Mail address', placeholder: 'you@company.com' });

export const name = nameOf({ label: 'Name' });
export const client = chosen({ label: 'Client', none: 'There is no client yet. Add one first.' });

/** Whether somebody who is added is sent a link with which they sign in for the first time (A7). */
export const invite = otherwise('no', choice(['yes', 'no'], { label: 'Send them an invitation by mail' }));

/** What a form proposes: to invite them, where mail is sent. */
export function inviting({ platforms }: Pick<Context, 'platforms'>): { invite: 'yes' | 'no' } {
  return { invite: platforms.has('email') ? 'yes' : 'no' };
}
