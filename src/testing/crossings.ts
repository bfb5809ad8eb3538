import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import pg from 'pg';
import type { FirmInBrowser } from './firm-in-browser.ts';
import { readIn } from './outside.ts';

const run = promisify(execFile);

/** Two firms of one hub, and what names each of them and nobody else. */
export type Pair = readonly [FirmInBrowser, FirmInBrowser];
const NAMES = [/Northwind|Acme|northwind\.example|T0NORTH/, /Rival|Umbra|rival\.example|T0RIVAL/] as const;

/** Nothing that one firm's tools were sent, and no row of its own, names anything of the other. */
export async function nothingCrossed(firms: Pair, databaseUrl: string): Promise<void> {
  for (const [firm, others] of [
    [firms[0], NAMES[1]],
    [firms[1], NAMES[0]],
  ] as const) {
    expect(everythingAt(firm).flatMap((text) => others.exec(text)?.[0] ?? [])).toEqual([]);
    const rows = await rowsOf(firm, databaseUrl);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.flatMap((text) => others.exec(text)?.[0] ?? [])).toEqual([]);
  }
}

/** Every row of a firm, in every table that keeps firms apart. */
async function rowsOf({ name }: FirmInBrowser, databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id'`,
    );
    const rows: string[] = [];
    for (const { name: table } of tables) {
      const found = await client.query<{ row: string }>(
        `select to_jsonb(t)::text as row from "${table}" t
          where tenant_id = (select id from firm where firm.name = $1)`,
        [name],
      );
      rows.push(...found.rows.map(({ row }) => row));
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** All that a firm's tools were sent, asked and told. */
function everythingAt({ slack, jira, mail, teams, discord, guild }: FirmInBrowser): string[] {
  return [
    JSON.stringify(teams.snapshot()),
    JSON.stringify(discord.state().channels.filter((channel) => channel.guild === guild.id)),
    JSON.stringify(slack.workspace),
    JSON.stringify(slack.calls),
    JSON.stringify(slack.recorded),
    JSON.stringify([jira.snapshot(), jira.calls, jira.webhooks.sent]),
    JSON.stringify([mail.mails(), mail.hubMails().map(({ raw }) => Buffer.from(raw, 'base64').toString())]),
  ];
}

/**
 * Looks for everything that the firms are reached with in a dump of the database, and in what the hub has printed.
 * @param programs where PostgreSQL's programs are
 */
export async function nothingReadable(
  firms: Pair,
  { databaseUrl, programs, printed }: { databaseUrl: string; programs: string; printed: string },
): Promise<void> {
  const { stdout: dump } = await run(join(programs, 'pg_dump'), [databaseUrl], { maxBuffer: 2 ** 28 });
  const keys = firms.flatMap(({ slack, jiraToken, webhookSecret }) => [slack.botToken, jiraToken, webhookSecret]);
  expect(readIn(dump, keys)).toEqual([]);
  expect(readIn(printed, keys)).toEqual([]);
  expect(readIn(dump, ['T0RIVAL', 'Basket of Acme'])).toHaveLength(2);
  console.log(`${keys.length} credentials in ${Math.round(dump.length / 1024)} KB of pg_dump and the log: none`);
}
