import type { Express, Request, Response } from 'express';
import { checkCard } from '../../bots/teams/limits.ts';
import type { CardJson, Conversation, Message, State } from './state.ts';
import { addMessage, makeConversation } from './state.ts';

/** Something that goes wrong at the connector service, instead of its answer. */
export interface Fault {
  status: number;
  code?: string;
  /** Seconds, for 429 and 503. */
  retryAfter?: number;
}

export interface ConnectorTools {
  state(): State;
  /** Bearer tokens that the login gave out. */
  isToken(token: string): boolean;
  nextFault(): Fault | null;
  changed(): void;
}

interface IncomingMessage {
  type?: string;
  text?: string;
  summary?: string;
  attachments?: { contentType?: string; content?: CardJson }[];
}

/** The routes of the Bot Connector that bots of Teams use, over the stand-in's state. */
export function mountConnector(web: Express, tools: ConnectorTools): void {
  web.use('/v3', (request, response, next) => {
    const fault = tools.nextFault();
    if (fault) return refuse(response, fault);
    const token = /^Bearer (.+)$/.exec(request.get('authorization') ?? '')?.[1] ?? '';
    if (!tools.isToken(token)) return refuse(response, { status: 401, code: 'Unauthorized' });
    next();
  });
  web.post('/v3/conversations', (request, response) => openChat(tools, request, response));
  web.get('/v3/conversations/:conversation/members', (request, response) => {
    const found = find(tools, request, response);
    if (found) response.json(found.conversation.members.map((user) => ({ ...user, objectId: user.aadObjectId })));
  });
  web.post(
    ['/v3/conversations/:conversation/activities', '/v3/conversations/:conversation/activities/:replyTo'],
    (request, response) => post(tools, request, response),
  );
  web.put('/v3/conversations/:conversation/activities/:activity', (request, response) => put(tools, request, response));
  web.delete('/v3/conversations/:conversation/activities/:activity', (request, response) => {
    const found = findMessage(tools, request, response);
    if (!found) return;
    found.conversation.messages.splice(found.conversation.messages.indexOf(found.message), 1);
    tools.changed();
    response.status(200).end();
  });
}

/** Opens (or finds) the personal chat of the named member. */
function openChat(tools: ConnectorTools, request: Request, response: Response): void {
  const state = tools.state();
  const { members = [] } = request.body as { members?: { id: string }[] };
  const known = state.conversations.flatMap((conversation) => conversation.members);
  const user = known.find((member) => [member.id, member.aadObjectId].includes(members[0]?.id ?? ''));
  if (!user) {
    refuse(response, { status: 404, code: 'MemberNotFound' });
    return;
  }
  let chat = state.conversations.find((one) => one.kind === 'personal' && one.members.some(({ id }) => id === user.id));
  if (!chat) {
    chat = { ...makeConversation({ kind: 'personal', name: user.name, members: [user] }), installed: true };
    state.conversations.push(chat);
    tools.changed();
  }
  response.status(201).json({ id: chat.id });
}

function post(tools: ConnectorTools, request: Request, response: Response): void {
  const found = find(tools, request, response);
  const content = found && contentOf(request, response);
  if (!found || !content) return;
  const { conversation, thread } = found;
  if (thread && !conversation.messages.some(({ id }) => id === thread)) {
    refuse(response, { status: 404, code: 'ThreadNotFound' });
    return;
  }
  const message = addMessage(tools.state(), conversation, { ...content, thread, from: null });
  tools.changed();
  response.status(201).json({ id: message.id });
}

/** Changing a message ends what single people saw in its place. */
function put(tools: ConnectorTools, request: Request, response: Response): void {
  const found = findMessage(tools, request, response);
  const content = found && contentOf(request, response);
  if (!found || !content) return;
  Object.assign(found.message, content, { edited: true, views: {} });
  tools.changed();
  response.json({ id: found.message.id });
}

function find(
  tools: ConnectorTools,
  request: Request,
  response: Response,
): { conversation: Conversation; thread: string | null } | null {
  const [id = '', ...more] = String(request.params.conversation).split(';');
  const conversation = tools.state().conversations.find((one) => one.id === id);
  if (!conversation) {
    refuse(response, { status: 404, code: 'ConversationNotFound' });
    return null;
  }
  if (!conversation.installed) {
    refuse(response, { status: 403, code: 'BotNotInConversationRoster' });
    return null;
  }
  const thread = more.map((part) => /^messageid=(.+)$/.exec(part)?.[1]).find(Boolean);
  return { conversation, thread: thread ?? null };
}

function findMessage(
  tools: ConnectorTools,
  request: Request,
  response: Response,
): { conversation: Conversation; message: Message } | null {
  const found = find(tools, request, response);
  if (!found) return null;
  const message = found.conversation.messages.find(({ id, from }) => id === request.params.activity && from === null);
  if (!message) {
    refuse(response, { status: 404, code: 'ActivityNotFoundInConversation' });
    return null;
  }
  return { conversation: found.conversation, message };
}

/** What Teams takes of a message: words, or one card that its limits allow. */
function contentOf(request: Request, response: Response): Pick<Message, 'text' | 'summary' | 'card'> | null {
  const { type, text, summary, attachments = [] } = request.body as IncomingMessage;
  const card =
    attachments.find(({ contentType }) => contentType === 'application/vnd.microsoft.card.adaptive')?.content ?? null;
  const faults = card ? checkCard(card) : [];
  if (type !== 'message' || (!text && !card)) faults.push('a message needs text or a card');
  if (faults.length) {
    refuse(response, { status: 400, code: 'BadArgument' }, faults.join('; '));
    return null;
  }
  return { text: text ?? null, summary: summary ?? null, card };
}

function refuse(response: Response, { status, code, retryAfter }: Fault, message = ''): void {
  if (retryAfter !== undefined) response.set('retry-after', String(retryAfter));
  response.status(status).json({ error: { code: code ?? 'ServiceError', message } });
}
