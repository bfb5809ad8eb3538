import type { Request, Response } from 'express';
import express from 'express';
import type { TeamsConfig } from '../../config.ts';
import type { Card } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import type { Channel, ChannelTools, Room } from '../channel.ts';
import type { InvokeAnswer } from './answer.ts';
import { answerPress, answerShow, tell } from './answer.ts';
import type { Message, TeamsClient } from './client.ts';
import { teamsClient } from './client.ts';
import { referenceOfRoom } from './installation.ts';
import { messageOf } from './message.ts';
import type { Parsed } from './parse.ts';
import { parseActivity } from './parse.ts';
import type { Reference } from './reference.ts';
import type { Showing } from './render.ts';
import { workItem } from './work.ts';

/** Everything of Teams comes in here; its address is the bot's messaging endpoint. */
export const MESSAGES_PATH = '/teams/messages';

/** Teams sends at most 100 KB of message, an invoke brings the form's fields on top. */
const BODY_LIMIT = '256kb';

/** Teams by botbuilder: presses are answered in place, everything else is stored first and worked afterwards. */
export async function openTeams(config: TeamsConfig, tools: ChannelTools): Promise<Channel> {
  const client = teamsClient(config);
  const referenceOf = (room: Room) => referenceOfRoom(tools.app, config.appId, room);
  return {
    name: 'teams',
    can: { edit: true },
    mount: (web) => {
      web.post(MESSAGES_PATH, routeNamed('teams.messages'), express.json({ limit: BODY_LIMIT }), (request, response) =>
        receive(client, tools, request, response),
      );
      web.use(MESSAGES_PATH, refuseBody);
    },
    send: async (room, card, { thread }) => {
      const reference = await referenceOf(room);
      return { id: await client.post(reference, thread?.id ?? null, postedMessage(card, reference)) };
    },
    update: async (room, ref, card) => {
      const reference = await referenceOf(room);
      await client.put(reference, ref.id, postedMessage(card, reference));
    },
    work: (item) => workItem(client, tools, item),
  };
}

/**
 * A posted card asks to be refreshed only in a personal chat, where its one reader is known. In a room we keep no list
 * of who reads along, and without a list every client that scrolls past would call; there the registry of cards brings
 * each copy to date by itself.
 */
function postedMessage(card: Card, { user }: Reference): Message {
  const showing: Showing = user ? { readers: [user.id] } : {};
  return messageOf(card, showing);
}

async function receive(client: TeamsClient, tools: ChannelTools, request: Request, response: Response): Promise<void> {
  try {
    if (!(await client.isFromTeams(request.body, request.get('authorization') ?? ''))) {
      response.status(401).end();
      return;
    }
    const parsed = parseActivity(request.body);
    const { status, body } = await answer(client, tools, parsed, request.body);
    if (body) response.status(status).json(body);
    else response.status(status).end();
  } catch (error) {
    const unavailable = error instanceof DomainError && error.code === 'unavailable';
    if (!unavailable) tools.app.log.error({ err: error }, 'an activity of Teams could not be answered');
    response.status(unavailable ? 503 : 500).end();
  }
}

interface Answered {
  status: 200 | 501;
  body?: InvokeAnswer;
}

/** Whoever pressed is answered now; what was written or installed is stored, and worked afterwards. */
async function answer(client: TeamsClient, tools: ChannelTools, parsed: Parsed, raw: unknown): Promise<Answered> {
  const { log } = tools.app;
  switch (parsed.kind) {
    case 'press':
      return { status: 200, body: await answerPress(client, tools, parsed) };
    case 'show':
      return { status: 200, body: await answerShow(tools.inbound, parsed) };
    case 'unreadable':
      log.warn({ why: parsed.why }, 'a press from Teams cannot be read');
      return { status: 200, body: tell('This button is too old for Parley to read. Write "work" to get a new one.') };
    case 'unsupported':
      log.debug({ name: parsed.name }, 'Teams asked for a feature that Parley does not offer');
      return { status: 501 };
    case 'message': {
      const { install, reference, thread } = parsed.where;
      const stored = await store(tools, install, parsed, raw);
      if (!stored) await client.post(reference, thread, { type: 'message', text: NOT_CONNECTED });
      return { status: 200 };
    }
    case 'installed':
    case 'removed':
      await store(tools, parsed.where.install, parsed, raw);
      return { status: 200 };
    case 'strange':
      log.warn({ why: parsed.why }, 'Teams sent something of an unknown form');
      if (parsed.install) await store(tools, parsed.install, parsed, raw);
      return { status: 200 };
    case 'ignored':
      log.debug({ why: parsed.why }, 'an activity of Teams was not for us');
      return { status: 200 };
  }
}

const NOT_CONNECTED = 'This Teams organisation is not connected to Parley yet.';

/** Keeps the activity before it is acknowledged; false when no firm connected the organisation it came from. */
async function store(
  { app, inbound }: ChannelTools,
  install: { tool: 'teams'; account: string },
  parsed: { kind: string; deliveryId: string },
  raw: unknown,
): Promise<boolean> {
  const { kind, deliveryId } = parsed;
  const body = Buffer.from(JSON.stringify(raw));
  const stored = await inbound.store(install, {
    source: 'teams',
    account: install.account,
    deliveryId,
    kind,
    headers: {},
    body,
  });
  if (!stored)
    app.log.warn({ organisation: install.account, kind }, 'Teams wrote from an organisation that no firm connected');
  return stored !== null;
}

/** A body that is not JSON, or too big: no words about it to whoever sent it. */
function refuseBody(error: { status?: number }, _request: Request, response: Response, _next: () => void): void {
  response.status(error.status ?? 400).end();
}
