import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { withActor } from '../kernel/context.ts';
import { runCommand } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let approver: Who;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
});
afterAll(() => app.close());

const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: `said ${++count}` })).output as {
    invoice: string;
    version: number;
  };
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string }) => error.code,
  );

async function drafted(project: string | undefined) {
  const place = { client: firm.acme.id, project, currency: 'EUR', title: 'Shop' };
  return run(staff, 'invoice.draft', { ...place, text: 'Checkout', quantity: '2', price: '600.00', vat: '19' });
}

async function issued(project: string | undefined): Promise<string> {
  const { invoice, version } = await drafted(project);
  await run(staff, 'invoice.issue', { invoice, version });
  return invoice;
}

describe('what is said about an invoice', () => {
  test('while it is a draft is a note, because the client sees nothing of it', async () => {
    const { invoice } = await drafted(firm.acme.project);
    await run(staff, 'invoice.note', { invoice, body: 'Ask about hosting first.' });

    expect(await refusal(run(staff, 'invoice.reply', { invoice, body: 'Hello' }))).toBe('conflict');
    expect(await refusal(run(approver, 'invoice.reply', { invoice, body: 'Hello' }))).toBe('not_found');
  });

  test('that bills the whole client is for those who see all of the client', async () => {
    const invoice = await issued(undefined);

    expect(await refusal(run(approver, 'invoice.reply', { invoice, body: 'Hello' }))).toBe('not_found');
    expect(await refusal(run(as(firm, firm.acme.clientAdmin), 'invoice.reply', { invoice, body: 'Hello' }))).toBe(
      'was allowed',
    );
  });
});

describe('a contact’s database role', () => {
  const insert = (about: string, project: string | null) =>
    withActor(
      app,
      approver,
      ({
        sql,
      }) => sql`insert into message (tenant_id, id, client_id, project_id, invoice_id, internal, person_id, by_name, side, channel, body)
        values (${firm.tenantId}, gen_random_uuid(), ${firm.acme.id}, ${project}, ${about}, false, ${firm.acme.approver}, 'Acme Approver', 'contact',
          'email', 'Forged')`,
    );

  test('says something about what it sees: not about a draft, an invoice of another project, or one for the whole client', async () => {
    const { invoice: draft } = await drafted(firm.acme.project);
    const [elsewhere, ofAll, own] = [
      await issued(firm.acme.otherProject),
      await issued(undefined),
      await issued(firm.acme.project),
    ];

    await expect(insert(draft, firm.acme.project)).rejects.toThrow();
    await expect(insert(elsewhere, firm.acme.project)).rejects.toThrow();
    await expect(insert(ofAll, firm.acme.project)).rejects.toThrow();
    await expect(insert(own, null)).rejects.toThrow();
    await expect(insert(own, firm.acme.project)).resolves.toBeDefined();
  });
});
