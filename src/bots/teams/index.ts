import type { Request, Response } from 'express';
import express from 'express';
import type { TeamsConfig } from '../../config.ts';
import type { Card } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { isDeep } from '../../core/kernel/json.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import type { Channel, ChannelTools, Room } from '../channel.ts';
import { Undeliverable } from '../channel.ts';
import { answerPress, answerShow, tell } from './answer.ts';
import { answerClaim } from './claim.ts';
import type { Message, TeamsClient } from './client.ts';
import { teamsClient } from './client.ts';
import { referenceOfRoom, WAITING_SECONDS, waitsForApp } from './installation.ts';
import { refuseInvoke } from './invokes.ts';
import type { Kept } from './kept.ts';
import { installOf, keep } from './kept.ts';
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
      web.post(
        MESSAGES_PATH,
        routeNamed('teams.messages'),
        express.json({ limit: BODY_LIMIT, verify: refuseDeep }),
        (request, response) => receive(client, tools, config.tenantId ?? null, request, response),
      );
      web.use(MESSAGES_PATH, refuseBody);
    },
    send: async (room, card, { thread }) => {
      const reference = await referenceOf(room);
      try {
        return { id: await client.post(reference, thread?.id ?? null, postedMessage(card, reference)) };
      } catch (error) {
        if (error instanceof Undeliverable && (await waitsForApp(tools.app, room)))
          throw new RetryLater(WAITING_SECONDS, 'the app was not added there yet');
        throw error;
      }
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

/** @param home the organisation of an activity that names none, where the app belongs to one */
async function receive(
  client: TeamsClient,
  tools: ChannelTools,
  home: string | null,
  request: Request,
  response: Response,
): Promise<void> {
  try {
    if (!(await client.isFromTeams(request.body, request.get('authorization') ?? ''))) {
      response.status(401).end();
      return;
    }
    const parsed = parseActivity(request.body, home);
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
  status: number;
  body?: object;
}

/** Whoever pressed is answered now; everything else is stored first, whatever it is, and what says something is worked afterwards. */
async function answer(client: TeamsClient, tools: ChannelTools, parsed: Parsed, raw: unknown): Promise<Answered> {
  switch (parsed.kind) {
    case 'press':
      return { status: 200, body: await answerPress(client, tools, parsed) };
    case 'show':
      return { status: 200, body: await answerShow(tools.inbound, parsed) };
    default:
      if (parsed.kind === 'message' && (await answerClaim(client, tools, parsed))) return { status: 200 };
      if (!(await store(tools, parsed, raw)) && parsed.kind === 'message')
        await tellNotConnected(client, tools, parsed);
      return acknowledgement(parsed, raw);
  }
}

function acknowledgement(parsed: Kept, raw: unknown): Answered {
  switch (parsed.kind) {
    case 'unreadable':
      return { status: 200, body: tell('This button is too old for Parley to read. Write "work" to get a new one.') };
    case 'unsupported':
      return refuseInvoke(parsed.name, (raw as { value?: unknown }).value);
    default:
      return { status: 200 };
  }
}

/** Said once to whoever speaks to us. Where it cannot be said, nobody is helped by having the message sent again. */
async function tellNotConnected(
  client: TeamsClient,
  { app }: ChannelTools,
  { where, addressed }: Extract<Parsed, { kind: 'message' }>,
): Promise<void> {
  if (!addressed) return;
  const text = 'This Teams organisation is not connected to Parley yet.';
  try {
    await client.post(where.reference, where.thread, { type: 'message', text });
  } catch (error) {
    app.log.warn(
      { err: error, organisation: where.install.account },
      'an organisation could not be told that no firm connected it',
    );
  }
}

/** Keeps the activity before it is acknowledged; false when no firm connected the organisation it came from. */
async function store({ app, inbound }: ChannelTools, parsed: Kept, raw: unknown): Promise<boolean> {
  const install = installOf(parsed);
  const stored = install && (await inbound.store(install, keep(parsed, install.account, raw)));
  if (!stored)
    app.log.warn(
      { organisation: install?.account, kind: parsed.kind },
      'Teams sent something of an organisation that no firm connected',
    );
  return Boolean(stored);
}

/** Before it is parsed: nobody has been asked yet whether Teams sent it. */
function refuseDeep(_request: unknown, _response: unknown, body: Buffer): void {
  if (isDeep(body.toString('utf8'))) throw Object.assign(new Error('nested too deep'), { status: 400 });
}

/** A body that is not JSON, or too big: no words about it to whoever sent it. */
function refuseBody(error: { status?: number }, _request: Request, response: Response, _next: () => void): void {
  response.status(error.status ?? 400).end();
}
