import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import type { Pace, Settings, TopicChoice } from './schema.ts';
import { DEFAULTS } from './schema.ts';

interface Row {
  person_id: string;
  topics: Record<string, TopicChoice>;
  digest: boolean;
  digest_hour: number;
  digest_channel: Settings['digestChannel'];
  quiet_from: number | null;
  quiet_to: number | null;
}

/** What these people set; whoever set nothing is not there. */
export async function settingsOf(
  sql: Sql,
  tenantId: string,
  people: readonly string[],
): Promise<ReadonlyMap<string, Settings>> {
  const rows = await sql<Row>`
    select person_id, topics, digest, digest_hour, digest_channel, quiet_from, quiet_to from notice_setting
    where tenant_id = ${tenantId} and person_id = any(${people}::uuid[])`;
  return new Map(rows.map((row) => [row.person_id, fromRow(row)]));
}

function fromRow({ topics, digest, digest_hour, digest_channel, quiet_from, quiet_to }: Row): Settings {
  const quiet = quiet_from === null || quiet_to === null ? null : { from: quiet_from, to: quiet_to };
  return { topics, digest, digestHour: digest_hour, digestChannel: digest_channel, quiet };
}

/** What one person set, or what holds where they did not. */
export async function settingsFor({ sql, actor }: Context, person: string): Promise<Settings> {
  return (await settingsOf(sql, actor.tenantId, [person])).get(person) ?? DEFAULTS;
}

/** Writes what the actor set. Two forms of theirs that are sent at once each change what they ask for. */
export async function changeSettings(
  context: Context,
  person: string,
  change: (before: Settings) => Settings,
): Promise<{ before: Settings; after: Settings }> {
  const { sql, actor, now } = context;
  await sql`insert into notice_setting (tenant_id, person_id, updated_at) values (${actor.tenantId}, ${person}, ${now}) on conflict do nothing`;
  await sql`update notice_setting set updated_at = ${now} where tenant_id = ${actor.tenantId} and person_id = ${person}`;
  const before = await settingsFor(context, person);
  const after = change(before);
  const { topics, digest, digestHour, digestChannel, quiet } = after;
  await sql`
    update notice_setting set topics = ${JSON.stringify(topics)}::jsonb, digest = ${digest}, digest_hour = ${digestHour}, digest_channel = ${digestChannel},
      quiet_from = ${quiet?.from ?? null}, quiet_to = ${quiet?.to ?? null}
    where tenant_id = ${actor.tenantId} and person_id = ${person}`;
  return { before, after };
}

/** With another choice for one topic. */
export function withTopic(settings: Settings, topic: string, choice: TopicChoice): Settings {
  return { ...settings, topics: { ...settings.topics, [topic]: choice } };
}

/** How fast a topic is told. */
export function paceOf({ topics }: Settings, topic: string): Pace {
  return topics[topic]?.pace ?? 'now';
}
