import { setTimeout as sleep } from 'node:timers/promises';
import { startJiraStandIn } from '../../src/simulator/jira/index.ts';
import { startMailStandIn } from '../../src/simulator/mail/index.ts';
import { startSlackStandIn } from '../../src/simulator/slack/index.ts';
import { makeFirm } from '../firm.ts';
import { hubPlan, JIRA_WEBHOOK_SECRET, SLACK_SIGNING_SECRET } from '../hub.ts';
import { median, three } from '../numbers.ts';
import type { Bench } from '../part.ts';
import type { PartReport } from '../report.ts';
import type { Server } from '../servers.ts';
import { cpuMs, rssMiB, startServer } from '../servers.ts';

/** (e) The whole hub at rest: how soon it is there, and what it holds and uses while nothing happens. */
export async function rest({ cluster, effort, log }: Bench): Promise<PartReport> {
  const database = await cluster.database('rest');
  const slack = await startSlackStandIn({ signingSecret: SLACK_SIGNING_SECRET, eventsUrl: 'http://127.0.0.1:9/' });
  const mail = await startMailStandIn({ hubAddress: 'reply@bench.example', authservId: 'mx.bench.example' });
  const jira = await startJiraStandIn({
    email: 'bench@example.com',
    apiToken: 'bench',
    project: 'ACME',
    webhookUrl: 'http://127.0.0.1:9/',
    webhookSecret: JIRA_WEBHOOK_SECRET,
  });
  let hub: Server | null = null;
  try {
    const firm = await makeFirm(database.owner, jira.account);
    const plan = hubPlan('both', database, firm, {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
      MAIL_FROM: 'parley@bench.example',
      MAIL_REPLY_TO: 'reply@bench.example',
      MAIL_AUTHSERV_ID: 'mx.bench.example',
      SMTP_URL: mail.smtpUrl,
      IMAP_URL: mail.imapUrl,
      JIRA_BASE_URL: jira.url,
    });
    const starts: number[] = [];
    for (let round = 0; round < effort.rounds; round += 1) {
      await hub?.stop();
      hub = await startServer(plan);
      starts.push(hub.startMs);
      log(`ready in ${three(hub.startMs)} ms`);
    }
    if (!hub) throw new Error('no rounds, no hub');
    const cpuBefore = cpuMs(hub.pid);
    await sleep(effort.rest * 1000);
    const memory = rssMiB(hub.pid);
    const cpu = (cpuMs(hub.pid) - cpuBefore) / (effort.rest * 10);
    return {
      id: 'e',
      title: 'The hub at rest',
      how: `\`npm start both\` with Slack, mail and Jira set up against stand-ins on this machine and a migrated PostgreSQL. Ready: from the
start of the process to the first 200 of /readyz, the median of ${effort.rounds} starts. Memory: what the kernel counts as resident after ${effort.rest} s
in which nothing happens.`,
      tables: [
        {
          columns: ['', ''],
          rows: [
            ['ready after, ms', three(median(starts))],
            ['memory, MiB', three(memory)],
            ['CPU at rest, % of one core', three(cpu)],
          ],
        },
      ],
      results: [
        {
          name: 'first 200 on /readyz',
          target: '≤ 3,000 ms',
          measured: `${three(median(starts))} ms`,
          pass: median(starts) <= 3_000,
        },
        { name: 'memory at rest', target: '< 200 MiB', measured: `${three(memory)} MiB`, pass: memory < 200 },
      ],
    };
  } finally {
    await hub?.stop();
    await Promise.all([slack.stop(), mail.stop(), jira.stop()]);
    await database.drop();
  }
}
