import { randomUUID } from 'node:crypto';
import express from 'express';
import type { Channel, ChannelTools, MessageRef, Room } from '../bots/channel.ts';
import { announce, refresh } from '../bots/deliver.ts';
import { inboundFor } from '../bots/inbound.ts';
import { roomColumns } from '../bots/rooms.ts';
import type { ChannelName } from '../core/kernel/actor.ts';
import type { InboxJob, InboxSource } from '../core/kernel/inbox.ts';
import { workInbox } from '../core/kernel/inbox.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { contractArea } from './contract-area.ts';
import type { OwnerQuery } from './database.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { makeFirm } from './firm.ts';
import { listen } from './listen.ts';

/** The people of the contract, and nobody else: staff, a contact, and one whom nobody knows. */
export const PEOPLE = ['staff', 'contact', 'stranger'] as const;
export type ContractPerson = (typeof PEOPLE)[number];

/** A hub with one firm whose client's room is in the channel that is tested. */
export interface ContractHub {
  app: TestApp;
  owner: OwnerQuery;
  firm: TestFirm;
  tools: ChannelTools;
  /** Where the channel's doors are. */
  url: string;
  room: Room;
  /** Mounts the channel, and says which account and room are the firm's, and who is who there. */
  connect(
    channel: Channel,
    place: { account: string; address: string; identities: Record<'staff' | 'contact', string> },
  ): Promise<void>;
  /** Posts the project's card as an announcement does; its message and its registered id. */
  post(): Promise<{ ref: MessageRef; cardId: string }>;
  /** Draws a posted card again, as after a change. */
  redraw(cardId: string): Promise<void>;
  /** Works what was stored and asked for since. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export async function contractHub(name: ChannelName): Promise<ContractHub> {
  const app = { ...(await testApp()), registry: buildRegistry([contractArea]) };
  const owner = asOwner(app.database);
  const firm = await makeFirm(app.database);
  const web = express();
  const server = await listen(web);
  const url = server.url;
  let channel: Channel | null = null;
  const sources = new Map<string, InboxSource>([[name, { name, work: (item) => channel?.work?.(item) as never }]]);
  const channels = () => new Map(channel ? [[name, channel]] : []);
  const hub: ContractHub = {
    ...{ app, owner, firm, url },
    tools: { app, inbound: inboundFor(app), publicUrl: 'https://parley.example.com' },
    room: {} as Room,
    connect: async (opened, { account, address, identities }) => {
      channel = opened;
      opened.mount?.(web);
      const put = (text: string, values: unknown[]) =>
        owner(text, [firm.tenantId, randomUUID(), name, account, ...values]);
      await put(
        'insert into connection (tenant_id, id, tool, account) values ($1, $2, $3, $4) on conflict do nothing',
        [],
      );
      for (const [person, id] of [
        [firm.admin, identities.staff],
        [firm.acme.approver, identities.contact],
      ])
        await put(
          `insert into identity (tenant_id, id, provider, account, person_id, external_id, proof) values ($1, $2, $3, $4, $5, $6, 'code')`,
          [person, id],
        );
      await put(
        `insert into room (tenant_id, id, channel, account, address, name, audience, client_id) values ($1, $2, $3, $4, $5, 'Acme', 'client', $6)`,
        [address, firm.acme.id],
      );
      hub.room = await roomNow(owner, address);
    },
    post: async () => {
      const { project } = firm.acme;
      const key = randomUUID();
      await announce(app, channels(), {
        tenantId: firm.tenantId,
        roomId: hub.room.id,
        key,
        view: { target: 'test.show', input: { project } },
        about: { entity: 'project', id: project },
        projectId: project,
        reply: false,
      });
      const [card] = await owner('select id, ref from posted_card where key = $1', [key]);
      return { ref: card?.ref as MessageRef, cardId: String(card?.id) };
    },
    redraw: (cardId) => refresh(app, channels(), { tenantId: firm.tenantId, cardId }),
    work: async () => {
      for (const job of app.asked.splice(0).filter(({ queue }) => queue === 'inbox'))
        await workInbox(app, sources, job.data as InboxJob, 0);
      // What a platform tells of a room may say how to write there.
      hub.room = await roomNow(owner, hub.room.address);
    },
    close: async () => {
      await server.stop();
      await app.close();
    },
  };
  return hub;
}

async function roomNow(owner: OwnerQuery, address: string): Promise<Room> {
  return roomColumns((await owner('select * from room where address = $1', [address]))[0] ?? {});
}
