import type { Express, Request, Response } from 'express';
import { checkComponents, checkFormMessage } from '../../bots/discord/limits.ts';
import type { Fault } from './faults.ts';
import { channelJson, messageJson } from './shapes.ts';
import type { Stage } from './stage.ts';
import { allMessages } from './stage.ts';
import type { Channel, Json, Message } from './state.ts';
import { addMessage, FLAGS, TEXT, THREAD } from './state.ts';

/** The routes of Discord's API that Parley calls, over the stand-in's state. */
export function mountApi(web: Express, stage: Stage): void {
  const { application } = stage;
  web.use('/api/v10', async (request, response, next) => {
    stage.calls.push({
      method: request.method,
      path: decodeURIComponent(request.path),
      body: (request.body as Json) ?? null,
    });
    if (stage.faults.delay()) await new Promise((resolve) => setTimeout(resolve, stage.faults.delay()));
    const fault = stage.faults.take();
    if (fault && !fault.lost) return refuse(response, fault);
    if (fault?.lost) response.json = () => response.destroy() as unknown as Response;
    const isPublic = /^\/(interactions|webhooks|oauth2)\//.test(request.path);
    if (!isPublic && request.get('authorization') !== `Bot ${stage.token}`)
      return refuse(response, { status: 401, code: 0 });
    next();
  });
  web.get('/api/v10/applications/@me', (_request, response) => {
    response.json({ id: application.id, name: 'Parley', verify_key: application.publicKey });
  });
  web.put('/api/v10/applications/:application/commands', (request, response) => {
    stage.state().commands = request.body as Json[];
    response.json(request.body);
  });
  web.post('/api/v10/oauth2/token', (request, response) => {
    const {
      client_id: id,
      client_secret: secret,
      code = '',
      grant_type: grant,
      redirect_uri: back,
    } = request.body ?? {};
    const granted = stage.granted.get(String(code));
    stage.granted.delete(String(code));
    const isOurs = id === application.id && secret === application.clientSecret && application.clientSecret !== '';
    if (!isOurs) return void response.status(401).json({ error: 'invalid_client' });
    if (grant !== 'authorization_code' || !granted || granted.redirectUri !== back)
      return void response.status(400).json({ error: 'invalid_grant' });
    const { guild, scope } = granted;
    const token = { access_token: 'access', token_type: 'Bearer', expires_in: 604_800, refresh_token: 'refresh' };
    response.json({ ...token, scope, guild: { id: guild.id, name: guild.name } });
  });
  web.get('/api/v10/gateway/bot', (_request, response) => {
    const limit = { total: 1_000, remaining: 1_000, reset_after: 1, max_concurrency: 1 };
    response.json({ url: stage.url.replace('http', 'ws'), shards: 1, session_start_limit: limit });
  });
  web.get('/api/v10/guilds/:guild', (request, response) => {
    const guild = stage.state().guilds.find(({ id }) => id === request.params.guild);
    if (guild && !guild.removed) response.json({ id: guild.id, name: guild.name });
    else refuse(response, { status: 404, code: 10_004 });
  });
  mountChannels(web, stage);
  mountAnswers(web, stage);
}

function mountChannels(web: Express, stage: Stage): void {
  const at = '/api/v10/channels/:channel';
  web.get(at, (request, response) => {
    const channel = find(stage, request, response);
    if (channel) response.json(channelJson(channel));
  });
  web.patch(at, (request, response) => {
    const channel = find(stage, request, response);
    if (!channel) return;
    Object.assign(channel, request.body as object);
    stage.changed();
    response.json(channelJson(channel));
  });
  web.post(`${at}/messages`, (request, response) => post(stage, request, response));
  web.get(`${at}/messages`, (request, response) => {
    const channel = find(stage, request, response);
    if (!channel) return;
    const after = BigInt(String(request.query.after ?? 0));
    const found = channel.messages.filter((one) => !one.onlyFor && BigInt(one.id) > after);
    const page = found.slice(0, Number(request.query.limit ?? 50)).reverse();
    response.json(page.map((one) => messageJson(stage.application.id, one, channel)));
  });
  web.patch(`${at}/messages/:message`, (request, response) => {
    const found = findMessage(stage, request, response);
    if (!found || !allowed(stage, response, request.body as Json)) return;
    if (found.channel.archived) return refuse(response, { status: 400, code: 50_083 });
    Object.assign(found.message, contentOf(request.body as Json), { edited: true });
    stage.changed();
    response.json(messageJson(stage.application.id, found.message, found.channel));
  });
  web.delete(`${at}/messages/:message`, (request, response) => {
    const found = findMessage(stage, request, response);
    if (!found) return;
    found.channel.messages.splice(found.channel.messages.indexOf(found.message), 1);
    stage.changed();
    response.status(204).end();
  });
  web.post(`${at}/messages/:message/threads`, (request, response) => {
    const found = findMessage(stage, request, response);
    if (!found) return;
    if (stage.state().channels.some(({ id }) => id === found.message.id))
      return refuse(response, { status: 400, code: 160_004 });
    response
      .status(201)
      .json(channelJson(openThread(stage, found.channel, found.message, (request.body as Json).name)));
  });
}

/** Opens the thread of a message, which has the message's own id. */
export function openThread(stage: Stage, channel: Channel, message: Message, name: unknown): Channel {
  const thread: Channel = {
    ...{ id: message.id, guild: channel.guild, name: String(name), type: THREAD, parent: channel.id },
    ...{ archived: false, visible: true, messages: [] },
  };
  stage.state().channels.push(thread);
  stage.changed();
  return thread;
}

function post(stage: Stage, request: Request, response: Response): void {
  const channel = find(stage, request, response);
  const body = request.body as Json;
  if (!channel || !allowed(stage, response, body)) return;
  if (channel.type !== TEXT && channel.type !== THREAD) {
    refuse(response, { status: 400, code: 50_008 });
    return;
  }
  const twin = body.enforce_nonce ? channel.messages.find(({ nonce }) => nonce && nonce === body.nonce) : undefined;
  const reference = body.message_reference as { message_id?: string } | undefined;
  const message =
    twin ??
    addMessage(stage.state(), channel, {
      ...contentOf(body),
      nonce: typeof body.nonce === 'string' ? body.nonce : null,
      replyTo: reference?.message_id ?? null,
    });
  channel.archived = false;
  stage.changed();
  response.json(messageJson(stage.application.id, message, channel));
  if (!twin)
    stage.dispatch('MESSAGE_CREATE', {
      ...messageJson(stage.application.id, message, channel),
      guild_id: channel.guild,
    });
}

/** Answers to interactions that come by a call: the first one, and those that follow within a quarter of an hour. */
function mountAnswers(web: Express, stage: Stage): void {
  web.post('/api/v10/interactions/:interaction/:token/callback', (request, response) => {
    const answered = stage.callbacks.get(request.params.token);
    if (!answered) return refuse(response, { status: 400, code: 40_060 });
    stage.callbacks.delete(request.params.token);
    answered(request.body as Json);
    response.status(204).end();
  });
  // Clients write its name with an escaped sign; there is no other message to change here.
  const original = '/api/v10/webhooks/:application/:token/messages/:original';
  web.patch(original, (request, response) => {
    const message = answerOf(stage, request, response);
    if (!message || !allowed(stage, response, request.body as Json)) return;
    Object.assign(message, contentOf(request.body as Json), { waiting: false });
    stage.changed();
    response.json({ id: message.id });
  });
  web.delete(original, (request, response) => {
    const message = answerOf(stage, request, response);
    if (!message) return;
    for (const { messages } of stage.state().channels) {
      const at = messages.indexOf(message);
      if (at >= 0) messages.splice(at, 1);
    }
    stage.changed();
    response.status(204).end();
  });
  web.post('/api/v10/webhooks/:application/:token', (request, response) => {
    const message = answerOf(stage, request, response);
    const channel = message && stage.state().channels.find(({ id }) => id === message.channel);
    if (!message || !channel || !allowed(stage, response, request.body as Json)) return;
    const { onlyFor, token } = message;
    const more = addMessage(stage.state(), channel, { ...contentOf(request.body as Json), onlyFor, token });
    stage.changed();
    response.json({ id: more.id });
  });
}

function answerOf(stage: Stage, request: Request, response: Response): Message | null {
  const message = allMessages(stage.state()).find(({ token }) => token === request.params.token);
  if (!message) refuse(response, { status: 404, code: 10_015 });
  return message ?? null;
}

function find(stage: Stage, request: Request, response: Response): Channel | null {
  const channel = stage.state().channels.find(({ id }) => id === request.params.channel);
  const isOut = stage.state().guilds.some(({ id, removed }) => id === channel?.guild && removed);
  if (!channel) refuse(response, { status: 404, code: 10_003 });
  else if (!channel.visible || isOut) refuse(response, { status: 403, code: 50_001 });
  return channel?.visible && !isOut ? channel : null;
}

function findMessage(
  stage: Stage,
  request: Request,
  response: Response,
): { channel: Channel; message: Message } | null {
  const channel = find(stage, request, response);
  const message = channel?.messages.find(({ id, onlyFor }) => id === request.params.message && !onlyFor);
  if (channel && !message) refuse(response, { status: 404, code: 10_008 });
  return channel && message ? { channel, message } : null;
}

/** What of a body becomes a message; what is not named stays as it was. */
export function contentOf(body: Json): Partial<Message> {
  return {
    ...(body.content === undefined ? {} : { content: String(body.content ?? '') }),
    ...(body.embeds === undefined ? {} : { embeds: (body.embeds ?? []) as Json[] }),
    ...(body.components === undefined ? {} : { components: (body.components ?? []) as Json[] }),
    ...(body.flags === undefined ? {} : { flags: Number(body.flags) }),
  };
}

/** What Discord refuses of a message, and whom it would ring: both are faults of the bot. */
export function faultsIn(body: Json): string[] {
  const isV2 = Number(body.flags ?? 0) & FLAGS.v2;
  const { content, embeds, components } = body;
  const mentions = (body.allowed_mentions as { parse?: unknown[] } | undefined)?.parse;
  return [
    ...(isV2 ? checkComponents(components) : checkFormMessage({ content, embeds, components })),
    ...(isV2 && (content || (embeds as unknown[] | null)?.length)
      ? ['components v2 stand without content and embeds']
      : []),
    ...(body.allowed_mentions !== undefined && mentions?.length !== 0 ? ['somebody would be rung'] : []),
  ];
}

function allowed(stage: Stage, response: Response, body: Json): boolean {
  const faults = [...faultsIn(body), ...(body.allowed_mentions ? [] : ['allowed_mentions is missing'])];
  if (!faults.length) return true;
  stage.complaints.push(...faults);
  refuse(response, { status: 400, code: 50_035 }, faults.join('; '));
  return false;
}

function refuse(
  response: Response,
  { status, code = 0, retryAfter, global = false }: Fault,
  message = 'refused',
): void {
  if (retryAfter !== undefined) {
    const scope = global ? 'global' : 'user';
    response.set({ 'retry-after': String(retryAfter), 'x-ratelimit-scope': scope });
    if (global) response.set('x-ratelimit-global', 'true');
    response.status(429).json({ message, retry_after: retryAfter, global });
  } else response.status(status).json({ message, code });
}
