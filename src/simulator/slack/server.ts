import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { checkBlocks } from '../../bots/slack/limits.ts';
import { readArguments } from './arguments.ts';
import { showAuthorizePage } from './authorize.ts';
import { reportOwn } from './events.ts';
import type { Fault } from './faults.ts';
import { methods } from './methods.ts';
import type { Called } from './result.ts';
import { no, ok } from './result.ts';
import type { Stage } from './stage.ts';
import { complain, note } from './stage.ts';
import type { BlockJson } from './state.ts';
import { nextTs, withBlockIds } from './state.ts';

/** The tokens that the stand-in accepts. */
export interface Tokens {
  bot: string;
  app: string;
}

/** Answers /api/<method> and /response/<id>. */
export async function answer(
  stage: Stage,
  tokens: Tokens,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname: path, href } = new URL(request.url ?? '/', stage.url);
  if (path === '/oauth/v2/authorize') return showAuthorizePage(stage, tokens.bot, href, response);
  const body = await bodyOf(request);
  if (stage.faults.delay()) await pause(stage.faults.delay());
  const method = path.startsWith('/api/') ? path.slice(5) : path.startsWith('/response/') ? 'response_url' : null;
  if (method === null || request.method !== 'POST') return void response.writeHead(404).end();
  const fault = stage.faults.take(method);
  if (fault && !fault.lost) return fail(response, fault);
  const called =
    method === 'response_url' ? respond(stage, path.slice(10), body) : call(stage, tokens, method, request, body);
  note(stage, called.changes);
  if (method !== 'response_url') for (const change of called.changes) reportOwn(stage, change);
  if (fault?.lost) return void response.destroy();
  const refused = method === 'response_url' && !called.answer.ok;
  response
    .writeHead(refused ? 404 : 200, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(called.answer));
}

function fail(response: ServerResponse, { status, error, retryAfter }: Fault): void {
  if (retryAfter !== undefined) response.writeHead(429, { 'retry-after': String(retryAfter) }).end();
  else if (status !== undefined) response.writeHead(status).end();
  else
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ ok: false, error: error ?? 'internal_error' }));
}

/** What an app that keeps to Slack's documentation is never told. */
const MALFORMED = new Set(['invalid_blocks', 'invalid_arguments', 'msg_blocks_too_long', 'no_text', 'unknown_method']);

function call(
  first: Stage,
  tokens: Tokens,
  method: string,
  request: IncomingMessage,
  body: Record<string, unknown>,
): Called {
  const token = String(request.headers.authorization ?? '').replace(/^Bearer /, '') || body.token;
  if (method === 'oauth.v2.access') return exchange(first, body);
  const other = first.others.get(String(token));
  const stage = other ?? first;
  const expected = method === 'apps.connections.open' ? tokens.app : tokens.bot;
  const called =
    !other && token !== expected ? no(token ? 'invalid_auth' : 'not_authed') : carryOut(stage, method, body);
  stage.calls.push({ method, args: body, answer: called.answer });
  if (MALFORMED.has(String(called.answer.error)))
    complain(stage, `${method} was refused: ${JSON.stringify(called.answer)}`);
  return called;
}

/** Gives a token for a code, once. Slack takes the secret in the body or as basic authentication; our SDK writes it in the body. */
function exchange(stage: Stage, body: Record<string, unknown>): Called {
  const read = readArguments('oauth.v2.access', body);
  if ('error' in read) return no(read.error, [read.detail]);
  const code = String(body.code);
  const allowed = stage.codes.get(code);
  stage.codes.delete(code);
  if (!allowed) return no('invalid_code');
  const { team, bot } = allowed.stage.workspace;
  return ok({
    access_token: allowed.token,
    token_type: 'bot',
    scope: 'chat:write,commands',
    bot_user_id: bot.userId,
    app_id: bot.appId,
    team: { id: team.id, name: team.name },
    enterprise: null,
    authed_user: { id: 'U0INSTALLER' },
    is_enterprise_install: false,
  });
}

function carryOut(stage: Stage, method: string, body: Record<string, unknown>): Called {
  const read = readArguments(method, body);
  if ('error' in read) return no(read.error, [read.detail]);
  if (method === 'apps.connections.open') return ok({ url: `${stage.url.replace('http', 'ws')}/socket` });
  return methods[method]?.(stage.workspace, read.args, Date.now()) ?? no('unknown_method');
}

/** An answer sent to a response_url: a message for one person, new or in place of the one that was pressed. */
function respond(stage: Stage, id: string, body: Record<string, unknown>): Called {
  const { workspace } = stage;
  const to = workspace.responseUrls[id];
  if (!to || to.until < Date.now()) return no('expired_url');
  if (to.left < 1) return no('used_url');
  to.left -= 1;
  const blocks = (body.blocks ?? []) as BlockJson[];
  const faults = blocks.length ? checkBlocks(blocks, 'message') : [];
  if (faults.length) {
    complain(stage, `an answer could not be shown: ${faults.join('; ')}`);
    return no('invalid_blocks', faults);
  }
  const shown = { text: String(body.text ?? ''), blocks: withBlockIds(blocks) };
  const original = body.replace_original
    ? workspace.ephemerals.find((one) => one.ts === to.original && one.user === to.user)
    : undefined;
  if (original) Object.assign(original, shown);
  else
    workspace.ephemerals.push({
      ts: nextTs(workspace, Date.now()),
      channel: to.channel,
      user: to.user,
      threadTs: (body.thread_ts as string | undefined) ?? null,
      ...shown,
    });
  const ts = (original ?? workspace.ephemerals.at(-1))?.ts ?? '';
  return ok({}, { kind: 'ephemeral', channel: to.channel, ts, user: to.user });
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  if (String(request.headers['content-type']).startsWith('application/json'))
    return JSON.parse(text || '{}') as Record<string, unknown>;
  return Object.fromEntries(new URLSearchParams(text));
}
