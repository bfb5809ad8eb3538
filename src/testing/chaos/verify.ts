import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Setting } from './setting.ts';

/** Asks the hub's own check of what must hold at rest; returns its faults. */
export async function verifyAtRest(root: string, setting: Setting): Promise<string[]> {
  const said = await run(root, ['src/cli.ts', 'verify', '--json'], setting.environment);
  const line = said.split('\n').findLast((text) => text.startsWith('['));
  if (!line) return [`verify said nothing of use: ${said.slice(-500)}`];
  return (JSON.parse(line) as { name: string; faults: string[] }[]).flatMap(({ name, faults }) =>
    faults.map((fault) => `${name}: ${fault}`),
  );
}

function run(root: string, args: string[], environment: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      args.map((arg, index) => (index === 0 ? join(root, arg) : arg)),
      { cwd: root, env: { PATH: process.env.PATH ?? '', ...environment } },
    );
    let said = '';
    const keep = (text: Buffer) => {
      said += text;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', () => resolve(said));
  });
}

/** Cards that stand in Slack more than once: what was sent by a worker that died must be found, not sent again. */
export function postedTwice(setting: Setting): string[] {
  const seen = new Map<string, number>();
  for (const channel of Object.values(setting.slack.workspace.channels)) {
    for (const message of channel.messages) {
      const card = (message.metadata as { event_payload?: { card?: string } } | null)?.event_payload?.card;
      if (card) seen.set(card, (seen.get(card) ?? 0) + 1);
    }
  }
  const twice = [...seen].filter(([, times]) => times > 1);
  return [
    ...setting.slack.complaints.map((complaint) => `Slack complains: ${JSON.stringify(complaint)}`),
    ...twice.map(([card, times]) => `card ${card} stands in Slack ${times} times`),
  ];
}
