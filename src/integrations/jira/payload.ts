import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readJson } from '../../core/kernel/json.ts';

/**
 * The bodies of Jira's webhooks. Only what we read is named; the rest passes unread.
 * https://developer.atlassian.com/cloud/jira/platform/webhooks/
 */
const Issue = z.object({
  id: z.string(),
  key: z.string(),
  // Comment webhooks carry few fields: no labels, no time of the last change.
  fields: z
    .object({
      status: z.object({ name: z.string() }).optional(),
      updated: z.string().optional(),
      labels: z.array(z.string()).optional(),
    })
    .optional(),
});
export type PayloadIssue = z.infer<typeof Issue>;

const Comment = z.object({
  id: z.string(),
  author: z.object({ accountId: z.string().optional(), displayName: z.string().optional() }).optional(),
  body: z.unknown(),
  updated: z.string().optional(),
});

const Changelog = z.object({ id: z.coerce.string().optional(), items: z.array(z.object({ field: z.string() })) });

const Known = z.discriminatedUnion('webhookEvent', [
  z.object({ webhookEvent: z.literal('jira:issue_created'), issue: Issue }),
  z.object({
    webhookEvent: z.literal('jira:issue_updated'),
    timestamp: z.number(),
    issue: Issue,
    changelog: Changelog.optional(),
  }),
  z.object({ webhookEvent: z.literal('jira:issue_deleted'), issue: Issue }),
  z.object({ webhookEvent: z.literal('comment_created'), comment: Comment, issue: Issue }),
  z.object({ webhookEvent: z.literal('comment_updated'), comment: Comment, issue: Issue }),
  z.object({ webhookEvent: z.literal('comment_deleted'), comment: Comment, issue: Issue }),
]);
const Named = z.object({ webhookEvent: z.string().min(1) });
const KNOWN: ReadonlySet<string> = new Set(Known.options.map((option) => option.shape.webhookEvent.value));

export type KnownPayload = z.infer<typeof Known>;
export type Payload = KnownPayload | { webhookEvent: 'other'; name: string };
export type CommentCreated = Extract<KnownPayload, { webhookEvent: 'comment_created' }>;
export type IssueUpdated = Extract<KnownPayload, { webhookEvent: 'jira:issue_updated' }>;

/** Reads a webhook's body; null when it is not of Jira's form. */
export function readPayload(raw: Buffer): Payload | null {
  const json = readJson(raw.toString('utf8'));
  const name = Named.safeParse(json);
  if (!name.success) return null;
  if (!KNOWN.has(name.data.webhookEvent)) return { webhookEvent: 'other', name: name.data.webhookEvent };
  const known = Known.safeParse(json);
  return known.success ? known.data : null;
}

/** The delivery by its meaning: the same change has the same id however often, and by which webhook, Jira tells of it. */
export function deliveryOf(payload: Payload, raw: Buffer): { deliveryId: string; kind: string } {
  const kind = payload.webhookEvent === 'other' ? payload.name : payload.webhookEvent;
  return { kind, deliveryId: idOf(payload, raw) };
}

function idOf(payload: Payload, raw: Buffer): string {
  switch (payload.webhookEvent) {
    case 'jira:issue_created':
    case 'jira:issue_deleted':
      return `${payload.webhookEvent}:${payload.issue.id}`;
    case 'jira:issue_updated':
      return `${payload.webhookEvent}:${payload.issue.id}:${payload.changelog?.id ?? payload.timestamp}`;
    case 'comment_created':
    case 'comment_deleted':
      return `${payload.webhookEvent}:${payload.comment.id}`;
    case 'comment_updated':
      return `${payload.webhookEvent}:${payload.comment.id}:${payload.comment.updated ?? digest(raw)}`;
    case 'other':
      return `${payload.name}:${digest(raw)}`;
  }
}

function digest(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex');
}
