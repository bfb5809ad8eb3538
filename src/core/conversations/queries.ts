import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { Page } from '../kernel/list-page.ts';
import { when } from '../kernel/list-page.ts';
import type { Part } from '../kernel/sql-parts.ts';
import { withParts } from '../kernel/sql-parts.ts';
import type { SentFiles } from './files.ts';
import { filesOf } from './files.ts';
import { authorOf, Message } from './message.ts';

/** What a thread may be about: each kind has a column, and an index of its own. */
const TOPICS = ['cycle', 'quote', 'deliverable', 'requirement', 'invoice'] as const;

/** What a thread is about: the id of one thing, under its name. */
export type Topic = Readonly<Partial<Record<(typeof TOPICS)[number], string>>>;

/** The thing of that name, as what a thread is about. */
export function topicOf(name: string, id: string): Topic {
  if (!TOPICS.some((topic) => topic === name)) throw new Error(`nobody can talk about a ${name}`);
  return { [name]: id };
}

/** What was said about it alone. */
function about({ cycle, quote, deliverable, requirement, invoice }: Topic): Part {
  return when(
    true,
  )`${when(cycle !== undefined)`and cycle_id = ${cycle}`} ${when(quote !== undefined)`and quote_id = ${quote}`}
    ${when(deliverable !== undefined)`and deliverable_id = ${deliverable}`} ${when(requirement !== undefined)`and requirement_id = ${requirement}`}
    ${when(invoice !== undefined)`and invoice_id = ${invoice}`}`;
}

/**
 * So many of the earlier messages are counted, and no more: the card of a thing is drawn anew with each of its messages, and would
 * read all of them each time.
 */
export const COUNTED = 100;

/** The end of a thread, oldest first. Notes of the team only come back for the team. */
export const Thread = z.strictObject({
  messages: z.array(Message).describe('The last messages, oldest first'),
  earlier: z.int().describe(`How many were said before these; ${COUNTED + 1} stands for any number above ${COUNTED}`),
});
export type Thread = z.infer<typeof Thread>;

/** A thread in which nobody said anything. */
export const SILENCE: Thread = { messages: [], earlier: 0 };

/** Messages on the card of a thing: enough to answer, short enough for a phone. */
const ON_CARD = 5;

/** The newest messages, as the card of what they are about shows them. */
export async function readThread({ sql: plain, actor }: Context, topic: Topic): Promise<Thread> {
  const sql = withParts(plain);
  const rows = await sql<Stored & { total: number }>`
    select id, internal, by_name as "byName", side, channel, body, quoted, mail_id as mail, files, created_at as at,
      (select count(*) from (select from message where tenant_id = ${actor.tenantId} ${about(topic)}
        order by created_at desc, id desc limit ${ON_CARD + COUNTED + 1}) counted) as total
    from message where tenant_id = ${actor.tenantId} ${about(topic)}
    order by created_at desc, id desc limit ${ON_CARD}`;
  const total = rows[0]?.total ?? 0;
  const messages = rows.map(({ total: _, ...row }) => messageOf(row)).reverse();
  return { messages, earlier: total - rows.length };
}

/** A page of the thread. */
export async function pageOfThread({ actor }: Context, topic: Topic, page: Page): Promise<Message[]> {
  const rows = await page<Stored>`
    select id, internal, by_name as "byName", side, channel, body, quoted, mail_id as mail, files, created_at as at
    from message where tenant_id = ${actor.tenantId} ${about(topic)}`;
  return rows.map(messageOf);
}

export async function countThread({ sql: plain, actor }: Context, topic: Topic): Promise<number> {
  const sql = withParts(plain);
  const [row] = await sql<{ total: number }>`
    select count(*) as total from message where tenant_id = ${actor.tenantId} ${about(topic)}`;
  return row?.total ?? 0;
}

/** What a message is about: one of these. */
type About = Record<keyof Topic, string | null>;

/** One message, and what it is about. */
export async function readMessage(
  { sql, actor }: Context,
  id: string,
): Promise<{ message: Message; about: About } | null> {
  const [row] = await sql<Stored & About>`
    select id, internal, by_name as "byName", side, channel, body, quoted, mail_id as mail, files, created_at as at,
      cycle_id as cycle, quote_id as quote, deliverable_id as deliverable, requirement_id as requirement, invoice_id as invoice
    from message where tenant_id = ${actor.tenantId} and id = ${id}`;
  if (!row) return null;
  const { cycle, quote, deliverable, requirement, invoice, ...stored } = row;
  return { message: messageOf(stored), about: { cycle, quote, deliverable, requirement, invoice } };
}

/** A row as the two queries above read it. */
type Stored = Omit<Message, 'files'> & { mail: string | null; files: unknown };

function messageOf<Row extends Stored>({
  mail,
  files,
  ...row
}: Row): Omit<Row, 'mail' | 'files'> & Pick<Message, 'files'> {
  return { ...row, files: filesOf(mail, files) };
}

/**
 * Stores a message in the actor's name.
 * @throws DomainError forbidden for anybody but a person or a connector
 */
export async function addMessage(
  { sql, actor, now, newId }: Context,
  topic: Topic & { clientId: string; projectId: string | null },
  {
    body,
    quoted = null,
    files = null,
  }: Pick<Message, 'body'> & { quoted?: string | undefined | null; files?: SentFiles | undefined | null },
  internal: boolean,
): Promise<Message> {
  const { personId, ...author } = authorOf(actor);
  const message: Message = { id: newId(), internal, ...author, body, quoted, files, at: now };
  await sql`
    insert into message (tenant_id, id, client_id, project_id, cycle_id, quote_id, deliverable_id, requirement_id, invoice_id, internal,
      person_id, by_name, side, channel, body, quoted, mail_id, files, created_at)
    values (${actor.tenantId}, ${message.id}, ${topic.clientId}, ${topic.projectId}, ${topic.cycle ?? null}, ${topic.quote ?? null},
      ${topic.deliverable ?? null}, ${topic.requirement ?? null}, ${topic.invoice ?? null}, ${internal}, ${personId}, ${message.byName}, ${message.side},
      ${message.channel}, ${body}, ${quoted}, ${files?.mail ?? null}, ${files ? JSON.stringify(files.list) : null}::jsonb, ${now})`;
  return message;
}
