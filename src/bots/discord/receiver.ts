import type { IncomingMessage, ServerResponse } from 'node:http';
import type { REST } from 'discord.js';
import { Routes } from 'discord.js';
import { DomainError } from '../../core/kernel/errors.ts';
import { readJson } from '../../core/kernel/json.ts';
import type { ChannelTools } from '../channel.ts';
import { rawBody } from '../raw-body.ts';
import type { Response } from './answer.ts';
import { answerInteraction, answerLater, deferred, responseOf } from './answer.ts';
import { CODES, codeOf } from './client.ts';
import type { Kept } from './kept.ts';
import { keep, UNREADABLE_BODY } from './kept.ts';
import { parseInteraction } from './parse.ts';
import type { Shown } from './shown.ts';
import { isSigned, publicKeyOf } from './signature.ts';

/** Far above what Discord sends, far below what hurts. */
const MAX_BODY = 500_000;
/** Milliseconds after which an answer is said to come later: Discord waits for three seconds, the way included. */
const PATIENCE = 2_000;

const PONG = { type: 1 };

export interface ReceiverOptions {
  publicKey: string;
  applicationId: string;
  rest: REST;
  tools: ChannelTools;
  patience?: number;
}

/** Takes interactions, signed at our door or through our own connection to the gateway, and answers both alike. */
export class DiscordReceiver {
  readonly #options: ReceiverOptions;
  readonly #key: ReturnType<typeof publicKeyOf>;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#key = publicKeyOf(options.publicKey);
  }

  /** Answers POST /discord/interactions. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#replyTo(request);
    if (!body) response.writeHead(status).end();
    else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  }

  /** Answers an interaction that the gateway told of, which Discord then does not send to the door. */
  async answerOverGateway(body: unknown): Promise<void> {
    const { id, token } = body as { id: string; token: string };
    const { body: answer } = await this.#trying(() => this.#process(body));
    if (!answer) return;
    try {
      await this.#options.rest.post(Routes.interactionCallback(id, token), { body: answer, auth: false });
    } catch (error) {
      // Another process of this hub hears the same and was faster; the press itself is done once.
      if (codeOf(error) !== CODES.acknowledged && codeOf(error) !== CODES.unknownInteraction)
        this.#options.tools.app.log.warn({ err: error }, 'an answer could not be shown in Discord');
    }
  }

  async #replyTo(request: IncomingMessage): Promise<{ status: number; body?: object }> {
    if (Number(request.headers['content-length']) > MAX_BODY) return { status: 413 };
    const raw = await rawBody(request, MAX_BODY);
    if (raw === null) return { status: 400 };
    const { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature } = request.headers;
    // By the clock of this machine: the demo's jumping one says nothing about when Discord wrote this.
    if (!isSigned(this.#key, raw, { timestamp, signature }, Math.floor(Date.now() / 1000))) return { status: 401 };
    const body = readJson(raw.toString('utf8'));
    // Its text may hold a secret that no key tells of.
    if (typeof body !== 'object' || body === null)
      return this.#trying(async () => {
        await this.#store(keep({ bytes: raw.length }, UNREADABLE_BODY));
        return undefined;
      });
    return this.#trying(() => this.#process(body));
  }

  async #process(body: unknown): Promise<Response | undefined> {
    const { tools, patience = PATIENCE } = this.#options;
    const request = parseInteraction(body, tools.app.registry.words);
    if (request.kind === 'ping') return PONG;
    if (request.kind === 'kept') {
      await this.#store(request.kept);
      return request.answer as Response;
    }
    if (request.kind === 'unreadable') await this.#store(request.kept);
    const answering = answerInteraction(tools, request);
    const shown = await inTime(answering, patience);
    if (shown) return responseOf(shown, request.where);
    void this.#later(answering, request.where);
    return deferred(request.where);
  }

  async #later(answering: Promise<Shown>, where: Parameters<typeof deferred>[0]): Promise<void> {
    const { rest, applicationId, tools } = this.#options;
    try {
      await answerLater(rest, applicationId, await answering, where);
    } catch (error) {
      tools.app.log.warn({ err: error }, 'an answer could not be shown in Discord');
    }
  }

  /** Acknowledged only after it is stored. */
  async #store({ delivery }: Kept): Promise<void> {
    const { inbound, app } = this.#options.tools;
    const { account, kind } = delivery;
    const stored = await inbound.store({ tool: 'discord', account }, delivery);
    if (stored === null)
      app.log.warn({ account, kind }, 'a request came from a Discord server that no firm has connected');
  }

  async #trying(answer: () => Promise<object | undefined>): Promise<{ status: number; body?: object }> {
    try {
      const body = await answer();
      return { status: 200, ...(body ? { body } : {}) };
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unavailable') return { status: 503 };
      this.#options.tools.app.log.error({ err: error }, 'a request of Discord could not be answered');
      return { status: 500 };
    }
  }
}

/** What a promise comes to, or null when it takes longer. */
async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
