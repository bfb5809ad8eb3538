import type pg from 'pg';

/** The firm that acts in the bench: one client, its contact who is linked to a Slack user, and one staff admin. */
export interface BenchFirm {
  tenantId: string;
  clientId: string;
  contactId: string;
  adminId: string;
  /** Projects of the client, all of which the contact may approve. */
  projects: string[];
  slackTeam: string;
  slackUser: string;
  jiraAccount: string;
}

/** Writes the firm behind the policies. */
export async function makeFirm(owner: pg.Pool, jiraAccount = 'jira.bench.example'): Promise<BenchFirm> {
  const firm: BenchFirm = {
    tenantId: crypto.randomUUID(),
    clientId: crypto.randomUUID(),
    contactId: crypto.randomUUID(),
    adminId: crypto.randomUUID(),
    projects: Array.from({ length: 16 }, () => crypto.randomUUID()),
    slackTeam: 'T0BENCH01',
    slackUser: 'U0BENCH01',
    jiraAccount,
  };
  const put = (into: string, ...values: unknown[]) =>
    owner.query(`insert into ${into} values (${values.map((_, index) => `$${index + 1}`).join(', ')})`, values);
  const { tenantId: t, clientId, contactId, adminId } = firm;
  await put('firm (id, name, timezone)', t, 'Northwind Studio', 'Europe/Berlin');
  await put('client (tenant_id, id, name, timezone)', t, clientId, 'Acme', 'America/New_York');
  const person = 'person (tenant_id, id, side, client_id, name, timezone, role)';
  await put(person, t, adminId, 'staff', null, 'Ada Admin', 'Europe/Berlin', 'admin');
  await put(person, t, contactId, 'contact', clientId, 'Carl Contact', 'America/New_York', 'client_member');
  for (const [index, id] of firm.projects.entries()) {
    await put('project (tenant_id, id, client_id, name, stage)', t, id, clientId, `Project ${index + 1}`, 'build');
    await put('membership (tenant_id, client_id, project_id, person_id, role)', t, clientId, id, contactId, 'approver');
  }
  const identity = 'identity (tenant_id, id, person_id, provider, account, external_id, proof)';
  await put(identity, t, crypto.randomUUID(), contactId, 'slack', firm.slackTeam, firm.slackUser, 'code');
  await put(identity, t, crypto.randomUUID(), adminId, 'slack', firm.slackTeam, 'U0ADMIN01', 'code');
  for (const [tool, account] of [
    ['slack', firm.slackTeam],
    ['jira', firm.jiraAccount],
  ])
    await put('connection (tenant_id, id, tool, account)', t, crypto.randomUUID(), tool, account);
  return firm;
}
