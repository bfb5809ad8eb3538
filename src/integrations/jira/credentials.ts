import { z } from 'zod';
import type { JiraConfig } from '../../config.ts';
import type { AccountForm } from '../../core/kernel/account-form.ts';
import type { Event } from '../../core/kernel/event.ts';
import { line, optional } from '../../core/kernel/field.ts';

const secret = z.string().min(16, 'must be at least 16 characters');

const asked = {
  baseUrl: z.url({ protocol: /^https?$/, error: 'must be the http or https address of the site' }).meta({
    label: 'Site address',
    hint: 'As your browser shows it when you are in Jira.',
    placeholder: 'https://your-site.atlassian.net',
  }),
  email: z.email('must be the mail address of the account').meta({
    label: 'E-mail of the account',
    hint: 'Parley acts in Jira as this account. One of its own is best.',
  }),
  apiToken: line({
    label: 'API token',
    hint: 'Of that account: make one at id.atlassian.com, under Security, API tokens.',
    secret: true,
    most: 1_000,
  }),
  project: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]+$/, 'is the key of a Jira project, like ACME')
    .meta({
      label: 'Project key',
      hint: 'New issues go to this project. The key stands before the number of each issue: ACME in ACME-12.',
      placeholder: 'ACME',
    }),
};

/** A site that is reached with the API token of an account. */
const TokenCredentials: z.ZodType<JiraConfig> = z.strictObject({
  ...asked,
  webhookSecret: secret,
  webhookSecretPrevious: secret.exactOptional(),
});

/** A site that somebody allowed the hub's own app to reach in their name. */
const GrantCredentials = z.strictObject({
  baseUrl: asked.baseUrl,
  project: asked.project,
  /** Atlassian's own name of the site. */
  cloudId: z.string().regex(/^[\w-]{1,100}$/),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  /** When the access token ends, in milliseconds since 1970. */
  expiresAt: z.number(),
});
export type GrantCredentials = z.infer<typeof GrantCredentials>;

/** What a site is reached with. */
export type JiraCredentials = JiraConfig | GrantCredentials;
export const JiraCredentials: z.ZodType<JiraCredentials> = z.union([TokenCredentials, GrantCredentials]);

export const siteForm: AccountForm = {
  lead: 'Parley signs in to Jira with what you type here, and keeps it only when that works.',
  fields: {
    ...asked,
    webhookSecret: optional(
      secret.meta({
        label: 'Webhook secret',
        hint: 'Jira signs with it what it tells Parley. Leave it empty and Parley makes one, which you type into Jira then.',
        secret: true,
      }),
    ),
  },
};

/** Facts about a ticket that change nothing in Jira: undecided, internal, or about people. */
const UNHEARD = new Set(['ticket.filed', 'ticket.noted', 'ticket.taken', 'ticket.details-set']);

export function jiraWants(event: Event): boolean {
  return event.about.entity === 'ticket' && !UNHEARD.has(event.name);
}
