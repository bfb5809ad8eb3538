import type pg from 'pg';

/** The firm that acts in the bench: clients with a contact each who is linked to a Slack user, and one staff admin. */
export interface BenchFirm {
  tenantId: string;
  adminId: string;
  people: BenchPerson[];
  slackTeam: string;
  jiraAccount: string;
}

/** A contact, the client and the projects, all of which the contact may approve. */
export interface BenchPerson {
  slackUser: string;
  personId: string;
  clientId: string;
  projects: string[];
}

/** As many as there are connections: who presses at the same time is seldom the same person. */
const CLIENTS = 16;
const PROJECTS_OF_A_CLIENT = 4;

/** Writes the firm behind the policies. */
export async function makeFirm(
  owner: pg.Pool,
  jiraAccount = 'jira.bench.example',
  slackTeam = 'T0BENCH01',
): Promise<BenchFirm> {
  const people = Array.from({ length: CLIENTS }, (_, index) => ({
    slackUser: `U0BENCH${String(index).padStart(2, '0')}`,
    personId: crypto.randomUUID(),
    clientId: crypto.randomUUID(),
    projects: Array.from({ length: PROJECTS_OF_A_CLIENT }, () => crypto.randomUUID()),
  }));
  const firm = {
    tenantId: crypto.randomUUID(),
    adminId: crypto.randomUUID(),
    people,
    slackTeam,
    jiraAccount,
  };
  const put: Put = async (into, ...values) => {
    const places = values.map((_, index) => `$${index + 1}`).join(', ');
    await owner.query(`insert into ${into} values (${places})`, values);
  };
  const { tenantId: t, adminId } = firm;
  await put('firm (id, name, timezone)', t, 'Northwind Studio', 'Europe/Berlin');
  await put(PERSON, t, adminId, 'staff', null, 'Ada Admin', 'Europe/Berlin', 'admin');
  await put(IDENTITY, t, crypto.randomUUID(), adminId, 'slack', slackTeam, 'U0ADMIN01', 'code');
  await put('connection (tenant_id, id, tool, account)', t, crypto.randomUUID(), 'slack', slackTeam);
  await put('connection (tenant_id, id, tool, account)', t, crypto.randomUUID(), 'jira', jiraAccount);
  for (const person of people) await putClient(put, firm, person);
  return firm;
}

type Put = (into: string, ...values: unknown[]) => Promise<void>;

const PERSON = 'person (tenant_id, id, side, client_id, name, timezone, role)';
const IDENTITY = 'identity (tenant_id, id, person_id, provider, account, external_id, proof)';

async function putClient(put: Put, firm: BenchFirm, { slackUser, personId, clientId, projects }: BenchPerson) {
  const t = firm.tenantId;
  await put('client (tenant_id, id, name, timezone)', t, clientId, `Client of ${slackUser}`, 'America/New_York');
  await put(PERSON, t, personId, 'contact', clientId, 'Carl Contact', 'America/New_York', 'client_member');
  await put(IDENTITY, t, crypto.randomUUID(), personId, 'slack', firm.slackTeam, slackUser, 'code');
  for (const id of projects) {
    await put('project (tenant_id, id, client_id, name, stage)', t, id, clientId, 'Website', 'build');
    await put('membership (tenant_id, client_id, project_id, person_id, role)', t, clientId, id, personId, 'approver');
  }
}

/** The channel of every firm's triage room. */
export const TRIAGE = 'C0TRIAGE';

/** Binds the firm's triage room; every new ticket is a card in it. */
export async function addTriage(owner: pg.Pool, tenantId: string, slackTeam: string): Promise<void> {
  await owner.query(
    `insert into room (tenant_id, id, channel, account, address, name, audience) values ($1, gen_random_uuid(), 'slack', $2, $3, '#triage', 'triage')`,
    [tenantId, slackTeam, TRIAGE],
  );
}
