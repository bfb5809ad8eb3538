import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import type { BenchDatabase } from './cluster.ts';
import { SECRET } from './cluster.ts';
import type { BenchFirm } from './firm.ts';
import type { ServerPlan } from './servers.ts';

export const SLACK_SIGNING_SECRET = 'the signing secret of the bench';
export const JIRA_WEBHOOK_SECRET = 'the webhook secret of the bench';

/** `npm start`, without its shell: the flags for node, and the file. */
const START = packageJson.scripts.start.replace('exec node ', '').split(' ');

/** The hub as it is started in production, in the given role, with Slack and Jira set up. */
export function hubPlan(
  role: 'web' | 'worker' | 'both',
  database: BenchDatabase,
  firm: Pick<BenchFirm, 'jiraAccount'>,
  more: Record<string, string>,
): ServerPlan {
  return {
    name: 'Parley',
    args: [...flags('hub'), ...START.slice(0, -1), join(import.meta.dirname, '..', START.at(-1) ?? ''), role],
    env: {
      PARLEY_SECRET: SECRET,
      DATABASE_APP_URL: database.loginUrl,
      SLACK_BOT_TOKEN: 'xoxb-bench',
      SLACK_SIGNING_SECRET,
      JIRA_BASE_URL: `https://${firm.jiraAccount}`,
      JIRA_EMAIL: 'bench@example.com',
      JIRA_API_TOKEN: 'bench',
      JIRA_PROJECT: 'ACME',
      JIRA_WEBHOOK_SECRET,
      ...more,
    },
    ready: '/readyz',
  };
}

/** With BENCH_CPU_PROF=folder every server under test leaves a CPU profile there when it stops. */
export function flags(name: string): string[] {
  const folder = process.env.BENCH_CPU_PROF;
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`] : [];
}
