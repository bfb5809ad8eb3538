/** What both sides of the press need of Slack: something that says yes to every call, and counts the answers to people. */
import { createServer } from 'node:http';

const YES = JSON.stringify({ ok: true, team_id: process.env.SLACK_TEAM, ts: '1795254310.000100' });
/** Calls to the address that a request names for its answer; other calls stand under the name of their method. */
let answers = 0;

createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/') answers += 1;
  const body = request.url === '/answers' ? String(answers) : YES;
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
