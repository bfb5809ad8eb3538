import { randomUUID } from 'node:crypto';
import type { Assurance, ChannelName, Who } from '../core/kernel/actor.ts';
import type { Database } from '../core/kernel/db.ts';
import { asOwner } from './database.ts';

/** A firm with two clients and people on every side, written behind the policies: the shared set-up of tests. */
export interface TestFirm {
  tenantId: string;
  admin: string;
  partner: string;
  /** Staff member assigned to Acme only. */
  member: string;
  acme: TestClient;
  globex: TestClient;
  triageRoom: string;
}

export interface TestClient {
  id: string;
  project: string;
  /** A second project of the client, in which only the client admin has a part. */
  otherProject: string;
  clientAdmin: string;
  approver: string;
  viewer: string;
  feedback: string;
  /** The client's room in Slack. */
  room: string;
}

/**
 * Builds the firm. Each call gives a firm of its own.
 * @param workspace the firm's Slack workspace; by default one that is named like the firm's id
 */
export async function makeFirm(database: Database, name = 'Northwind Studio', workspace?: string): Promise<TestFirm> {
  const owner = asOwner(database);
  const tenantId = randomUUID();
  const slack = workspace ?? tenantId;
  const put = async (text: string, values: unknown[]) => {
    await owner(`insert into ${text} values (${values.map((_, index) => `$${index + 1}`).join(', ')})`, values);
  };
  await put('firm (id, name, timezone)', [tenantId, name, 'Europe/Berlin']);
  const person = async (side: string, role: string, who: string, clientId: string | null = null) => {
    const id = randomUUID();
    await put('person (tenant_id, id, side, client_id, name, timezone, role)', [
      tenantId,
      id,
      side,
      clientId,
      who,
      clientId ? 'America/New_York' : 'Europe/Berlin',
      role,
    ]);
    await put('identity (tenant_id, id, person_id, provider, account, external_id, proof)', [
      tenantId,
      randomUUID(),
      id,
      'slack',
      slack,
      `U-${id}`,
      'code',
    ]);
    await put('identity (tenant_id, id, person_id, provider, account, external_id, proof)', [
      tenantId,
      randomUUID(),
      id,
      'email',
      '',
      `${id}@example.com`,
      'verified_email',
    ]);
    return id;
  };
  await put('connection (tenant_id, id, tool, account)', [tenantId, randomUUID(), 'slack', slack]);
  const admin = await person('staff', 'admin', 'Ada Admin');
  const partner = await person('staff', 'partner', 'Paul Partner');
  const member = await person('staff', 'member', 'Mia Member');
  const client = async (clientName: string): Promise<TestClient> => {
    const id = randomUUID();
    const project = randomUUID();
    const otherProject = randomUUID();
    const room = randomUUID();
    await put('client (tenant_id, id, name, timezone)', [tenantId, id, clientName, 'America/New_York']);
    await put('project (tenant_id, id, client_id, name, stage)', [
      tenantId,
      project,
      id,
      `${clientName} website`,
      'build',
    ]);
    await put('project (tenant_id, id, client_id, name, stage)', [
      tenantId,
      otherProject,
      id,
      `${clientName} app`,
      'design',
    ]);
    const people = {
      clientAdmin: await person('contact', 'client_admin', `${clientName} Admin`, id),
      approver: await person('contact', 'client_member', `${clientName} Approver`, id),
      viewer: await person('contact', 'client_member', `${clientName} Viewer`, id),
      feedback: await person('contact', 'client_member', `${clientName} Feedback`, id),
    };
    for (const role of ['approver', 'viewer', 'feedback'] as const) {
      await put('membership (tenant_id, client_id, project_id, person_id, role)', [
        tenantId,
        id,
        project,
        people[role],
        role,
      ]);
    }
    await put('room (tenant_id, id, channel, account, address, name, audience, client_id)', [
      tenantId,
      room,
      'slack',
      slack,
      `C-${id}`,
      `#${clientName.toLowerCase()}`,
      'client',
      id,
    ]);
    return { id, project, otherProject, room, ...people };
  };
  const acme = await client('Acme');
  const globex = await client('Globex');
  await put('assignment (tenant_id, person_id, client_id)', [tenantId, member, acme.id]);
  const triageRoom = randomUUID();
  await put('room (tenant_id, id, channel, account, address, name, audience)', [
    tenantId,
    triageRoom,
    'slack',
    slack,
    `T-${tenantId}`,
    '#triage',
    'triage',
  ]);
  return { tenantId, admin, partner, member, acme, globex, triageRoom };
}

/** That person, from a chat account. */
export function as(
  firm: Pick<TestFirm, 'tenantId'>,
  personId: string,
  assurance: Assurance = 'chat',
  channel: ChannelName = 'slack',
): Who {
  return { kind: 'person', tenantId: firm.tenantId, personId, channel, assurance };
}
