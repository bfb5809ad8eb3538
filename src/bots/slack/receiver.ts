import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { App as Bolt, Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { DomainError } from '../../core/kernel/errors.ts';
import { readJson } from '../../core/kernel/json.ts';
import type { Words } from '../../core/kernel/words.ts';
import type { Inbound } from '../channel.ts';
import { rawBody } from '../raw-body.ts';
import type { Kept } from './kept.ts';
import { accountOf, keep, UNREADABLE_BODY, UNREADABLE_PRESS } from './kept.ts';
import type { Awaited } from './parse.ts';
import { parseRequest } from './parse.ts';
import { isSigned } from './signature.ts';

/** Far above what Slack sends, far below what hurts. */
const MAX_BODY = 500_000;

/** What a request is answered with: a status, and a body where Slack expects one. */
interface Reply {
  status: number;
  body?: unknown;
}

/** What the listener is handed: a request, and the workspace it came from. */
export interface Handed {
  request: Awaited;
  account: string;
}

/** How often Slack tried before, and why it tries again. */
interface Retry {
  retryNum?: number;
  retryReason?: string;
}

/**
 * Hands presses and commands to Bolt, and stores everything else. Unlike Bolt's own receivers it answers only after the listeners are through: Bolt acknowledges
 * an event before it calls them, and what is not stored yet must not be acknowledged.
 */
export class SlackReceiver implements Receiver {
  private app: Bolt | null = null;
  private readonly signingSecret: string;
  private readonly home: string;
  private readonly words: Words;
  private readonly log: Logger;
  private readonly inbound: Inbound;

  constructor(options: { signingSecret: string; home: string; words: Words; log: Logger; inbound: Inbound }) {
    this.signingSecret = options.signingSecret;
    this.home = options.home;
    this.words = options.words;
    this.log = options.log;
    this.inbound = options.inbound;
  }

  init(app: Bolt): void {
    this.app = app;
  }

  /** The web server is started elsewhere. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  /** Answers POST /slack/events. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.replyTo(request);
    if (body === undefined || body === '') response.writeHead(status).end();
    else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  }

  private async replyTo(request: IncomingMessage): Promise<Reply> {
    if (Number(request.headers['content-length']) > MAX_BODY) return { status: 413 };
    const raw = await rawBody(request, MAX_BODY);
    if (raw === null) return { status: 400 };
    const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = request.headers;
    // By the clock of this machine: the demo's jumping one says nothing about when Slack wrote this.
    if (!isSigned(this.signingSecret, raw, { timestamp, signature }, Math.floor(Date.now() / 1000)))
      return { status: 401 };
    const body = bodyOf(raw.toString('utf8'), request.headers['content-type'] ?? '');
    const tries = Number(request.headers['x-slack-retry-num']);
    const retry: Retry = Number.isInteger(tries)
      ? { retryNum: tries, retryReason: String(request.headers['x-slack-retry-reason'] ?? '') }
      : {};
    // Its text may hold a secret that no key tells of.
    if (body === null)
      return this.trying(() => this.store(keep({ bytes: raw.length }, this.home, UNREADABLE_BODY), retry));
    if (body.type === 'url_verification') return { status: 200, body: { challenge: body.challenge } };
    if (body.ssl_check) return { status: 200 };
    return this.process(body, retry);
  }

  /** Answers a request whose origin is proven: by its signature, or because it came through our own socket. */
  async process(body: Record<string, unknown>, retry: Retry): Promise<Reply> {
    if (body.type === 'app_rate_limited')
      this.log.warn({ minute: body.minute_rate_limited }, 'Slack held events back: there were too many in one minute');
    return this.trying(async () => {
      const request = parseRequest(body, this.home, this.words);
      if (request.kind === 'kept') return this.store(request.kept, retry);
      if (!request.pressed) await this.store(keep(body, this.home, UNREADABLE_PRESS), retry);
      let reply: Reply = { status: 404 };
      const ack = async (answer?: unknown) => {
        reply = { status: 200, body: answer };
      };
      const customProperties = { request, account: accountOf(body, this.home) } satisfies Handed;
      await this.app?.processEvent({ body, ack, ...retry, customProperties });
      return reply;
    });
  }

  /** Acknowledged only after it is stored: what was never stored comes again. */
  private async store({ delivery, answer }: Kept, { retryNum, retryReason }: Retry): Promise<Reply> {
    const { account, kind } = delivery;
    const headers: Record<string, string> = retryNum
      ? { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': retryReason ?? '' }
      : {};
    const stored = await this.inbound.store({ tool: 'slack', account }, { ...delivery, headers });
    if (stored === null)
      this.log.warn({ account, kind }, 'a request came from a Slack workspace that no firm has connected');
    return { status: 200, body: answer };
  }

  private async trying(answer: () => Promise<Reply>): Promise<Reply> {
    try {
      return await answer();
    } catch (error) {
      return this.failed(error);
    }
  }

  private failed(error: unknown): Reply {
    const cause = error instanceof Error && 'original' in error ? error.original : error;
    if (cause instanceof DomainError && cause.code === 'unavailable') return { status: 503 };
    this.log.error({ err: cause }, 'a request of Slack could not be answered');
    return { status: 500 };
  }
}

/** Lets Bolt's Socket Mode client hand its requests to the same place, answered there as over HTTP. */
export function overSocket(socket: SocketModeReceiver, receiver: SlackReceiver): void {
  socket.init({
    processEvent: async ({ body, retryNum, retryReason, ack }) => {
      const { status, body: answer } = await receiver.process(body, {
        ...(retryNum ? { retryNum } : {}),
        ...(retryReason ? { retryReason } : {}),
      });
      // Without an acknowledgement Slack sends it again; what cannot be understood would only come again the same.
      if (status < 500) await ack(answer === undefined ? undefined : answer);
    },
  } as Bolt);
}

/** Interactions come as a form with a JSON payload, commands as a form, events as JSON. */
export function bodyOf(text: string, contentType: string): Record<string, unknown> | null {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return objectOf(text);
  const { payload, ...form } = parseQuery(text);
  return typeof payload === 'string' ? objectOf(payload) : form;
}

function objectOf(text: string): Record<string, unknown> | null {
  const value = readJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
