import express from 'express';
import bolt from '@slack/bolt';
import { pino } from 'pino';
import { openSlack } from './index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import { readFile } from 'node:fs/promises';
const mode = process.argv[2];
const web = express();
const SECRET='s';
if (mode === 'bare') {
  const receiver = new bolt.ExpressReceiver({ signingSecret: SECRET, app: web, logLevel: bolt.LogLevel.ERROR });
  const app = new bolt.App({ receiver, token: 'xoxb', tokenVerificationEnabled: false, botId: 'B', botUserId: 'U', logLevel: bolt.LogLevel.ERROR });
  app.action(/.*/, async ({ ack }) => { await ack(); });
} else {
  const slack = await startSlackStandIn({ signingSecret: SECRET, eventsUrl: 'http://127.0.0.1:9' });
  const ch = await openSlack({ botToken: slack.botToken, signingSecret: SECRET, apiUrl: slack.apiUrl }, { app: { log: pino({level:'silent'}) }, inbound: { press: async () => ({ kind: 'done', card: {} , replayed: false}) , store: async () => 'stored' }, publicUrl: '' } as never);
  ch.mount?.(web);
}
const server = web.listen(0, '127.0.0.1', () => console.log((server.address() as any).port));
process.on('SIGTERM', () => { console.log(JSON.stringify(process.cpuUsage())); process.exit(0); });
