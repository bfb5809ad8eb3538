import { z } from 'zod';
import { noteSettings } from '../../core/kernel/connection-notes.ts';
import { withActor } from '../../core/kernel/context.ts';
import { readJson } from '../../core/kernel/json.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { Connection } from '../connector.ts';
import type { Hooks } from './hooks.ts';
import { ensureHooks, HookRefused } from './hooks.ts';
import { JiraRefusal } from './transport.ts';

const Kept = z.object({ hooks: z.array(z.number()).default([]) });
const Matched = z.object({ matchedWebhookIds: z.array(z.number()).min(1) });

/**
 * Sees to it that a site goes on telling of changes, and notes by which webhooks it does. One that takes none is asked for
 * changes all the same, as those are whose webhook nobody made.
 * @returns whether the site tells of them
 */
export async function keepHooks(
  app: App,
  hooks: Hooks,
  connection: Connection,
  projects: readonly string[],
): Promise<boolean> {
  const { tenantId, account } = connection;
  const url = `${app.publicUrl}/webhooks/jira/${account}`;
  const ids = await ensureHooks(hooks, { url, projects }, app.clock.now()).catch((error: unknown) => {
    if (!(error instanceof JiraRefusal || error instanceof HookRefused)) throw error;
    app.log.warn({ err: error, account }, 'Jira takes no webhook, so that changes are only found by asking');
    return null;
  });
  if (ids === null) return false;
  const who = { kind: 'system', tenantId, reason: 'noting the webhooks of a connection' } as const;
  await withActor(app, who, (context) => noteSettings(context, connection, { hooks: ids }));
  return true;
}

/**
 * True for what was sent by a webhook that is not of this site: every site signs with the same secret. One that nobody came to
 * note is asked for.
 */
export async function isOfAnotherSite(hooks: Hooks, { settings }: Connection, body: Buffer): Promise<boolean> {
  const matched = Matched.safeParse(readJson(body.toString('utf8'))).data?.matchedWebhookIds;
  if (!matched) return false;
  const isOneOf = (ids: readonly number[]) => matched.some((id) => ids.includes(id));
  if (isOneOf(Kept.parse(settings).hooks)) return false;
  return !isOneOf((await hooks.all()).map(({ id }) => id));
}
