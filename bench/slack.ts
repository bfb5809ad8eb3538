/**
 * Slack as far as delivery needs it: takes posts and updates, counts them, and refuses what is over its limit.
 * GET / gives the counts, GET /reset begins them anew, GET /limit?to=n sets how many updates a workspace may make within two
 * seconds (0 for no limit), and GET /last gives the last update as it came.
 */
import { createServer } from 'node:http';

const WINDOW = 2_000;
let limit = 0;
let counts = { calls: 0, refused: 0, posts: [] as { channel: string; at: number }[] };
let last = '';
let window = { since: 0, calls: 0 };

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const answer = (body: object, status = 200, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (request.method === 'GET') {
      if (url.pathname === '/limit') limit = Number(url.searchParams.get('to'));
      if (url.pathname === '/last') return answer(Object.fromEntries(new URLSearchParams(last)));
      const before = counts;
      if (url.pathname !== '/') counts = { calls: 0, refused: 0, posts: [] };
      return answer(before);
    }
    counts.calls += 1;
    const method = url.pathname.split('/').at(-1);
    const now = Date.now();
    if (now - window.since > WINDOW) window = { since: now, calls: 0 };
    if (method === 'chat.update') window.calls += 1;
    if (limit && method === 'chat.update' && window.calls > limit) {
      counts.refused += 1;
      return answer({ ok: false }, 429, { 'retry-after': String(Math.ceil((window.since + WINDOW - now) / 1_000)) });
    }
    const body = Buffer.concat(chunks).toString();
    const channel = new URLSearchParams(body).get('channel') ?? '';
    if (method === 'chat.update') last = body;
    if (method === 'chat.postMessage') counts.posts.push({ channel, at: now });
    return answer({ ok: true, team_id: process.env.SLACK_TEAM, channel, ts: `${now / 1_000}` });
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
