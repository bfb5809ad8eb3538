import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Who } from '../core/kernel/actor.ts';
import type { Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import { runCommand } from '../core/kernel/registry.ts';
import { tenantTables } from './isolation.ts';
import type { ConnectedFirm, TwoFirms } from './two-firms.ts';

/** What those who try something from outside need of two firms. */
export interface Outside {
  /** Runs a command as a person of a firm, in its own name. */
  run(of: ConnectedFirm, who: Who, name: string, input: Record<string, unknown>): Promise<Record<string, string>>;
  /** A bug report of the firm's client. */
  filed(of: ConnectedFirm, who: Who, title: string): Promise<string>;
  /** Waits until the hub has nothing left to do. */
  quiet(): Promise<void>;
  /** Everything that a firm has in the database, table by table, as one hash each. */
  everything(of: ConnectedFirm): Promise<Record<string, string>>;
  /** Presses a button of the firm's triage room that carries something else than it did. */
  pressInSlack(of: ConnectedFirm, press: Press, user: string): Promise<{ status: number; told: string }>;
}

export function outsideOf(firms: TwoFirms): Outside {
  const { hub, owner } = firms;
  const { app } = hub;
  const busy = async () => {
    const [row] = await owner(`select
      (select count(*)::int from event where delivered_at is null) + (select count(*)::int from inbox where status = 'waiting')
      + (select count(*)::int from pgboss.job where state in ('active', 'created') and start_after <= now()) as left`);
    return Number(row?.left);
  };
  const outside: Outside = {
    run: async (_of, who, name, input) =>
      (await runCommand(app, who, { name, input, requestId: crypto.randomUUID() })).output as Record<string, string>,
    filed: async (of, who, title) => {
      const input = { project: of.firm.acme.project, title, description: 'It does nothing.' };
      return String((await outside.run(of, who, 'ticket.file-bug', input)).id);
    },
    quiet: async () => {
      for (let idle = 0; idle < 3; ) {
        idle = (await busy()) ? 0 : idle + 1;
        await sleep(50);
      }
    },
    everything: async ({ firm }) => {
      await outside.quiet();
      const hashes: Record<string, string> = {};
      for (const { name } of await tenantTables(app)) {
        const column = name === 'firm' ? 'id' : 'tenant_id';
        const rows = await owner(
          `select (to_jsonb(t) - 'last_success_at' - 'seen_at')::text as row from ${name} t where t.${column} = $1 order by 1`,
          [firm.tenantId],
        );
        hashes[name] = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
      }
      return hashes;
    },
    pressInSlack: async ({ slack, firm }, press, user) => {
      const channel = `T-${firm.tenantId}`;
      const message = slack.workspace.channels[channel]?.messages.findLast(({ blocks }) => firstButton(blocks));
      const button = firstButton(message?.blocks ?? []);
      if (!message || !button) throw new Error(`no button stands in the triage room of ${slack.team}`);
      slack.workspace.ephemerals = [];
      slack.workspace.modals = [];
      const { value, action_id: id } = button;
      Object.assign(button, { value: encodePress(press) });
      const { status } = await slack.pressButton(channel, message.ts, id, user);
      Object.assign(button, { value });
      const told = () => JSON.stringify([...slack.workspace.ephemerals, ...slack.workspace.modals]);
      for (let waited = 0; told() === '[]' && waited < 1_500; waited += 20) await sleep(20);
      return { status, told: told() };
    },
  };
  return outside;
}

interface Pressable {
  action_id: string;
  value?: string;
}

function firstButton(blocks: readonly { type: string }[]): Pressable | undefined {
  return blocks
    .flatMap((block) => (block.type === 'actions' ? (block as unknown as { elements: Pressable[] }).elements : []))
    .find(({ value }) => value !== undefined);
}

/** The headers with which a mail server signs what it hands in. */
export function signedMail(body: Buffer | string, secret: string): Record<string, string> {
  const time = Math.floor(Date.now() / 1_000);
  const hmac = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  return { 'content-type': 'message/rfc822', 'x-parley-signature': `t=${time},v1=${hmac}` };
}

/** The headers with which Jira signs a webhook. */
export function signedWebhook(body: string, secret: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-atlassian-webhook-identifier': crypto.randomUUID(),
  };
}

/** Those of the keys that can be read in a text, whatever their form. */
export function readIn(text: string, keys: readonly string[]): string[] {
  return keys.filter((key) => formsOf(key).some((form) => text.includes(form)));
}

/** How a key would look in a dump or a log: as it is, in hexadecimal, and in base64 wherever it began. */
function formsOf(key: string): string[] {
  const base64 = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + key)
      .toString('base64')
      .slice(before ? 4 : 0, -4),
  );
  return [key, Buffer.from(key).toString('hex'), ...base64];
}
