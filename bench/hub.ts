import { join } from 'node:path';
import type { BenchDatabase } from './cluster.ts';
import { SECRET } from './cluster.ts';
import type { BenchFirm } from './firm.ts';
import type { ServerPlan } from './servers.ts';

export const SLACK_SIGNING_SECRET = 'the signing secret of the bench';
export const JIRA_WEBHOOK_SECRET = 'the webhook secret of the bench';

/** The hub as it is started in production: src/main.ts in the given role, with Slack and Jira set up. */
export function hubPlan(
  role: 'web' | 'worker' | 'both',
  database: BenchDatabase,
  firm: Pick<BenchFirm, 'jiraAccount'>,
  more: Record<string, string>,
): ServerPlan {
  return {
    name: 'Parley',
    args: [...flags('hub'), join(import.meta.dirname, '../src/main.ts'), role],
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
