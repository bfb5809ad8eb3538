import { z } from 'zod';
import type { Said } from '../../core/kernel/thing-definition.ts';
import type { AdfDoc } from './adf.ts';
import { adfOf } from './adf.ts';
import type { Ticket } from './ticket.ts';
import { TicketStatus } from './ticket.ts';

/** A status of Jira. Its name is the firm's own; its category is one of Jira's three, whatever the language. */
export interface JiraStatus {
  name: string;
  category: string;
}

/** What a firm may set on its connection; all of it has defaults. */
const Settings = z.object({
  /** The key of the project that new issues go to; by default that of the credentials. */
  project: z.string().optional(),
  /** Client → the key of a project of its own. */
  projects: z.record(z.string(), z.string()).default({}),
  /** Jira's names of the two kinds of tickets. */
  issueTypes: z.object({ bug: z.string(), change: z.string() }).default({ bug: 'Bug', change: 'Task' }),
  /** Names of the firm's own Jira statuses → our status, on top of the usual names. */
  statuses: z.record(z.string(), TicketStatus).default({}),
});
export type Settings = z.infer<typeof Settings>;

/** @throws Error naming the faulty setting */
export function readSettings(settings: unknown): Settings {
  const parsed = Settings.safeParse(settings ?? {});
  if (parsed.success) return parsed.data;
  throw new Error(`the settings of the Jira connection need attention: ${z.prettifyError(parsed.error)}`);
}

// ── issues ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The label by which an issue is known as a ticket's, even when nobody noted it. Labels hold no blanks. */
export function labelOf(ticketId: string): string {
  return `parley-${ticketId}`;
}

/** The ticket that an issue's labels name; null when none does. */
export function ticketOfLabels(labels: readonly string[]): string | null {
  return (
    labels.map((label) => /^parley-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(label)?.[1]).find(Boolean) ??
    null
  );
}

export interface IssueFields {
  project: { key: string };
  issuetype: { name: string };
  summary: string;
  description: AdfDoc;
  labels: string[];
}

/** A ticket as the fields of a new issue: only those that every project has, so that no firm's screens refuse them. */
export function issueFields(ticket: Ticket, project: string, settings: Settings): IssueFields {
  return {
    project: { key: project },
    issuetype: { name: settings.issueTypes[ticket.kind] },
    // Jira's limit is 255 characters on one line.
    summary: `[#${ticket.number}] ${ticket.title}`.replaceAll(/\s+/g, ' ').slice(0, 255),
    description: adfOf(describe(ticket)),
    labels: [labelOf(ticket.id)],
  };
}

function describe(ticket: Ticket): string {
  const part = (title: string, text: string | null) => (text ? [`${title}:\n${text}`] : []);
  return [
    `${ticket.clientName}, ${ticket.projectName}. Reported by ${ticket.reporterName}. Priority: ${ticket.priority}.${ticket.dueOn ? ` Needed by ${ticket.dueOn}.` : ''}`,
    ticket.description,
    ...part('Expected', ticket.expected),
    ...part('Steps', ticket.steps),
    ...part('Links', ticket.links.join('\n')),
    'Comments here stay within the team. Begin one with @client to answer the client.',
  ].join('\n\n');
}

// ── comments ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A reply as the text of a comment. Its first words say who speaks, since Jira shows our account as the author. */
export function commentText(reply: Pick<Said, 'byName' | 'side' | 'body'>): string {
  const name = reply.byName.replaceAll(/\s+/g, ' ').trim();
  return `${name} (${reply.side === 'contact' ? 'client' : 'team'}): ${reply.body.trim()}`;
}

/** True for a text that begins as ours do. The account may be a person's as well, who writes without such a beginning. */
export function isOurs(text: string): boolean {
  return /^[^\n]{1,200} \((client|team)\): /.test(text);
}

/** Text for the client begins with @client; everything else is internal, so that nothing reaches a client by accident. */
export function addressed(text: string): { to: 'client' | 'team'; body: string } {
  const marked = /^\s*@client\b[\s:,]*/i.exec(text);
  const body = marked ? text.slice(marked[0].length).trim() : '';
  return body ? { to: 'client', body } : { to: 'team', body: text.trim() };
}
