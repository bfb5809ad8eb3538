/** What both sides of the press need of Slack: something that says yes to every call. */
import { createServer } from 'node:http';

const YES = JSON.stringify({ ok: true, team_id: process.env.SLACK_TEAM, ts: '1795254310.000100' });

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': YES.length }).end(YES);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
