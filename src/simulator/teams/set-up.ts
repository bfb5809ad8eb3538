import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';
import type { Channel, Room } from '../../bots/channel.ts';
import { announce } from '../../bots/deliver.ts';
import { inboundFor } from '../../bots/inbound.ts';
import { roomColumns } from '../../bots/rooms.ts';
import { MESSAGES_PATH, openTeams } from '../../bots/teams/index.ts';
import type { Card } from '../../core/kernel/card.ts';
import { command } from '../../core/kernel/command.ts';
import type { Context } from '../../core/kernel/context.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { formFor } from '../../core/kernel/form.ts';
import type { InboxSource } from '../../core/kernel/inbox.ts';
import { workDelivery } from '../../core/kernel/inbox.ts';
import { area, buildRegistry } from '../../core/kernel/registry.ts';
import { people } from '../../core/people/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { bareThing, takingAnswers } from '../../testing/bare-thing.ts';
import { cardView } from '../../testing/card-view.ts';
import type { OwnerQuery } from '../../testing/database.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { TeamsStandIn } from './index.ts';
import { startTeamsStandIn } from './index.ts';
import type { CardJson, Conversation, User } from './state.ts';

/** A firm whose client is in Teams, with the real channel in front of the stand-in: what the tests of both start from. */
export interface TeamsSetUp {
  app: TestApp;
  owner: OwnerQuery;
  firm: TestFirm;
  teams: TeamsStandIn;
  channel: Channel;
  /** The address of the bot's messaging endpoint. */
  url: string;
  appId: string;
  /** Staff, a contact, and somebody whom nobody knows. */
  ada: User;
  anton: User;
  stranger: User;
  /** The client's channel, and Ada's chat with the bot. */
  acme: Conversation;
  chat: Conversation;
  /** The client's channel as a room of the firm. */
  room: Room;
  /** Names the project and posts its card in the client's channel, as an announcement does. */
  post(name: string): Promise<{ messageId: string; cardId: string }>;
  rename(name: string): Promise<void>;
  /** Works everything that waits in the inbox, as a worker does, and empties it; fails when something is in quarantine. */
  workInbox(): Promise<void>;
  inbox(): Promise<{ id: string; kind: string; status: string }[]>;
  /** Who works what is in it. */
  sources: ReadonlyMap<string, InboxSource>;
  /** The organisations of which it was said that the app is in them no more. */
  absent: string[];
  /** The events that the press or message left, by its activity. */
  eventsOf(activity: Record<string, unknown>): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Builds it. */
export async function setUpTeams(): Promise<TeamsSetUp> {
  const [appId, appPassword] = [randomUUID(), randomUUID()];
  const base = await testApp();
  const owner = asOwner(base.database);
  const firm = await makeFirm(base.database);
  const app = { ...base, registry: buildRegistry([projectArea(firm.acme.project), people]) };
  let url = '';
  const teams = await startTeamsStandIn({ appId, appPassword, messagesUrl: () => url });
  const config = { appId, appPassword, loginUrl: teams.loginUrl, openIdUrl: teams.openIdUrl };
  const absent: string[] = [];
  const channel = await openTeams(config, {
    ...{ app, inbound: inboundFor(app), publicUrl: 'http://localhost' },
    absent: async (account) => void absent.push(account),
  });
  const server = await listen(channel);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${MESSAGES_PATH}`;

  const [ada, anton, stranger] = ['Ada Admin', 'Acme Approver', 'Somebody'].map(teams.addUser) as [User, User, User];
  const acme = teams.addConversation({ kind: 'channel', name: 'Acme website', members: [ada, anton, stranger] });
  const chat = teams.addConversation({ kind: 'personal', name: 'Ada', members: [ada] });
  await connect(owner, firm, teams.tenantId, acme.id, { [firm.admin]: ada, [firm.acme.approver]: anton });

  const sources = new Map<string, InboxSource>([
    ['teams', { name: 'teams', work: (item) => channel.work?.(item) as never }],
  ]);
  const inbox = async () =>
    (await owner('select id, kind, status from inbox order by seq')) as Awaited<ReturnType<TeamsSetUp['inbox']>>;
  const workInbox = async () => {
    for (const { id } of await inbox()) await workDelivery(app, sources, { tenantId: firm.tenantId, id }, 0);
    const strange = await owner(`select outcome from inbox where status = 'quarantined'`);
    if (strange.length) throw new Error(`in quarantine: ${JSON.stringify(strange)}`);
    await owner(`delete from inbox where status <> 'waiting'`);
  };
  const rename = async (name: string) => {
    await owner('update project set name = $1, version = version + 1 where id = $2', [name, firm.acme.project]);
  };
  for (const conversation of [acme, chat]) await teams.install(conversation.id, ada);
  await workInbox();
  const room = roomColumns((await owner('select * from room where address = $1', [acme.id]))[0] ?? {});
  return {
    ...{
      app,
      owner,
      firm,
      teams,
      channel,
      url,
      appId,
      ada,
      anton,
      stranger,
      acme,
      chat,
      room,
      rename,
      inbox,
      sources,
      absent,
      workInbox,
    },
    post: async (name) => {
      await rename(name);
      const { project } = firm.acme;
      const key = randomUUID();
      const shows = { target: 'test.show', input: { project } };
      const about = { entity: 'project', id: project };
      const job = {
        tenantId: firm.tenantId,
        roomId: room.id,
        key,
        view: shows,
        about,
        projectId: project,
        reply: false,
      };
      await announce(app, new Map([['teams', channel]]), job);
      const [row] = await owner(`select id, ref ->> 'id' as message from posted_card where key = $1`, [key]);
      return { messageId: String(row?.message), cardId: String(row?.id) };
    },
    eventsOf: ({ id, conversation }) => {
      const address = (conversation as { id: string }).id.split(';')[0];
      const request = `teams:${address}:${String(id)}`;
      return owner(`select name, actor ->> 'channel' as channel, data from event where request_id = $1`, [request]);
    },
    close: async () => {
      await teams.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    },
  };
}

async function listen(channel: Channel): Promise<Server> {
  const web = express();
  channel.mount?.(web);
  return new Promise<Server>((resolve) => {
    const listening = web.listen(0, '127.0.0.1', () => resolve(listening));
  });
}

/** The firm's connection to the organisation, its people's accounts there, and the client's room. */
async function connect(
  owner: OwnerQuery,
  firm: TestFirm,
  account: string,
  address: string,
  accounts: Record<string, User>,
): Promise<void> {
  const put = (text: string, values: unknown[]) => owner(text, [firm.tenantId, randomUUID(), account, ...values]);
  await put(`insert into connection (tenant_id, id, tool, account) values ($1, $2, 'teams', $3)`, []);
  for (const [person, user] of Object.entries(accounts)) {
    await put(
      `insert into identity (tenant_id, id, provider, account, person_id, external_id, proof) values ($1, $2, 'teams', $3, $4, $5, 'code')`,
      [person, user.aadObjectId],
    );
  }
  await put(
    `insert into room (tenant_id, id, channel, account, address, name, audience, client_id) values ($1, $2, 'teams', $3, $4, 'Acme in Teams', 'client', $5)`,
    [address, firm.acme.id],
  );
}

interface ProjectRow {
  id: string;
  name: string;
  version: number;
}

/** A project's card, with a button that writes and one that opens a form. */
export function projectCard({ id, name, version }: ProjectRow): Card {
  const input = { project: id, version: String(version), name: 'Quick' };
  return {
    ...simpleCard(name),
    actions: [
      { kind: 'button', label: 'Call it Quick', press: { target: 'test.rename', input } },
      { kind: 'button', label: 'Rename…', press: { target: 'test.rename-form', input: { project: id } } },
    ],
    about: { entity: 'project', id, version },
  };
}

function simpleCard(title: string): Card {
  const about = { entity: 'home', id: '', version: 0 };
  return { title, tone: 'neutral', blocks: [], actions: [], fallback: title, about };
}

function renameForm({ id, version }: ProjectRow, value = ''): Card {
  const press = { target: 'test.rename', input: { project: id, version: String(version) } };
  const fields = [{ kind: 'text' as const, name: 'name', label: 'New name', required: true, value }];
  return {
    ...simpleCard('Rename the project'),
    blocks: [{ kind: 'form', submit: { label: 'Rename', press }, fields }],
  };
}

function workCard(project: string): Card {
  const press = { target: 'test.show', input: { project } };
  return { ...simpleCard('Your work'), actions: [{ kind: 'button', label: 'Open', press }] };
}

async function read({ sql }: Context, project: string): Promise<ProjectRow> {
  const [row] = await sql<ProjectRow>`select id, name, version from project where id = ${project}`;
  if (!row) throw new DomainError('not_found', 'This is not there, or not for you.');
  return row;
}

const Project = z.strictObject({ project: z.uuid() });
const Nothing = z.strictObject({});

const renaming = { name: z.string().min(3, 'must have at least three letters').meta({ label: 'Name' }) };

const renameProject = command({
  name: 'test.rename',
  form: formFor({ title: 'Rename', fields: renaming, who: () => true }),
  input: Project.extend({ version: z.coerce.number(), ...renaming }),
  load: (context, { project }) => read(context, project),
  policy: (actor) => actor.kind === 'person' && actor.side === 'staff',
  handle: async ({ sql }, { project, version, name }, subject) => {
    const detail = {
      changes: [`It is called ${subject.name} now.`],
      show: { target: 'test.show', input: { project } },
    };
    if (version !== subject.version) throw new DomainError('stale', 'This is not the newest card.', detail);
    await sql`update project set name = ${name}, version = version + 1 where id = ${project}`;
    const about = { entity: 'project', id: project };
    return { events: [{ name: 'test.renamed', about, data: {} }], output: { project, name } };
  },
  reply: ({ project, name }) => ({
    ...simpleCard(`Called ${name}.`),
    about: { entity: 'project', id: project, version: 0 },
  }),
});

/** What was done leads on to something else than the project. */
const askForLink = command({
  name: 'test.link',
  input: Project,
  load: (context, { project }) => read(context, project),
  policy: () => true,
  handle: async (_context, { project }) => {
    return {
      events: [{ name: 'test.linked', about: { entity: 'project', id: project }, data: {} }],
      output: { project },
    };
  },
  reply: ({ project }) => ({
    ...simpleCard('The link is there.'),
    actions: [{ kind: 'button', label: 'Open the link', press: { target: 'home.help', input: {} } }],
    about: { entity: 'project', id: project, version: 0 },
  }),
});

const noteAnswer = command({
  name: 'test.note',
  input: Project.extend({ body: z.string(), saidIn: z.uuid().optional() }),
  load: (context, { project }) => read(context, project),
  policy: () => true,
  handle: async (_context, { project, body }) => {
    return { events: [{ name: 'test.noted', about: { entity: 'project', id: project }, data: { body } }], output: {} };
  },
  reply: () => simpleCard('Noted.'),
});

/** An area as small as the test of a channel needs it. */
function projectArea(id: string) {
  const project = bareThing('project', 'test.show');
  const sender = z.object({ provider: z.string(), account: z.string(), externalId: z.string() });
  return area({
    name: 'test',
    things: [project],
    commands: [renameProject, askForLink, takingAnswers(noteAnswer, project)],
    views: [
      cardView({
        name: 'test.show',
        module: null,
        input: Project,
        show: async (context, input) => projectCard(await read(context, input.project)),
      }),
      cardView({
        name: 'test.rename-form',
        module: null,
        input: Project,
        show: async (context, input) => renameForm(await read(context, input.project)),
      }),
      ...Object.entries({ bug: 'Report a bug…', change: 'Ask for a change…' }).map(([say, label]) =>
        cardView({
          name: `ticket.file-${say}`,
          module: null,
          input: z.strictObject({ title: z.string().optional() }),
          word: { say, label, about: say, takes: 'title' },
          show: async (context, { title }) => renameForm(await read(context, id), title),
        }),
      ),
      cardView({
        name: 'home.help',
        module: null,
        input: sender,
        unlinked: true,
        word: { say: 'help', label: 'Show help', about: 'help' },
        show: async () => simpleCard('Help'),
      }),
      cardView({
        name: 'home.work',
        module: null,
        input: Nothing,
        word: { say: 'work', label: 'Show my work', about: 'work' },
        show: async () => workCard(id),
      }),
    ],
  });
}

/** The card of an answer to an invoke; an answer of another kind shows as itself. */
export function cardOf(body: unknown): CardJson {
  return (body as { value?: CardJson } | null)?.value ?? { body };
}

/** All words on a card, in their order. */
export function textsOn(card: unknown): string[] {
  return partsOf(card).flatMap((part) => (part.type === 'TextRun' ? [String(part.text)] : []));
}

/** The titles of all buttons on a card. */
export function buttonsOn(card: unknown): string[] {
  return partsOf(card).flatMap((part) => (part.type === 'Action.Execute' ? [String(part.title)] : []));
}

/** The input of a card that has this id. */
export function inputOn(card: unknown, id: string): CardJson | undefined {
  return partsOf(card).find((part) => part.id === id);
}

function partsOf(part: unknown): CardJson[] {
  if (typeof part !== 'object' || part === null) return [];
  return [part as CardJson, ...Object.values(part).flatMap(partsOf)];
}
