import { z } from 'zod';
import type { JiraConfig } from '../../config.ts';
import type { Event } from '../../core/kernel/event.ts';

/** What a site is reached with. */
export const JiraCredentials: z.ZodType<JiraConfig> = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/, error: 'must be the http or https address of the site' }),
  email: z.email('must be the mail address of the account'),
  apiToken: z.string().min(1),
  project: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'is the key of a Jira project, like ACME'),
  webhookSecret: z.string().min(16, 'must be at least 16 characters'),
  webhookSecretPrevious: z.string().min(16, 'must be at least 16 characters').exactOptional(),
});

/** Facts about a ticket that change nothing in Jira: undecided, internal, or about people. */
const UNHEARD = new Set(['ticket.filed', 'ticket.noted', 'ticket.taken', 'ticket.details-set']);

export function jiraWants(event: Event): boolean {
  return event.about.entity === 'ticket' && !UNHEARD.has(event.name);
}
