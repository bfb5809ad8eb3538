import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Presses } from '../kernel/answer.ts';
import { answerPress } from '../kernel/answer.ts';
import { formOf } from '../kernel/card.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const here = (address: string) => ({ channel: 'slack', account: firm.tenantId, address });
const bind = (person: string, more: Partial<Presses>) =>
  answerPress(app, as(firm, person), {
    press: { target: 'project.bind-here', input: {} },
    requestId: crypto.randomUUID(),
    ...more,
  });
const bound = (address: string) =>
  asOwner(app.database)('select audience, client_id, name from room where address = $1 and unbound_at is null', [
    address,
  ]);

test('a channel is offered to each client, to the team and to triage, without an id to be copied', async () => {
  await asOwner(app.database)('update connection set account = $1 where tenant_id = $1::uuid and tool = $2', [
    firm.tenantId,
    'slack',
  ]);
  const asked = await bind(firm.admin, { place: here('C-new') });
  const form = asked.kind === 'form' ? formOf(asked.card) : null;
  const [readers] = form?.fields ?? [];

  expect(readers?.kind === 'choice' && readers.options.map(({ label }) => label)).toEqual([
    'The firm: what comes in and must be sorted',
    'The firm: everything of every client',
    'Acme and the firm',
    'Globex and the firm',
  ]);
  expect(form?.submit.press).toEqual({ target: 'project.bind-here', input: {} });
});

test('is bound as it was chosen, in the place that the channel itself names', async () => {
  const form = { readers: firm.acme.id, name: '#acme' };
  const forged = { target: 'project.bind-here', input: { address: 'C-of-somebody-else' } };
  const done = await bind(firm.admin, { press: forged, place: here('C-acme'), form });

  expect(done).toMatchObject({ kind: 'done', card: { title: '#acme is a room for the client now.' } });
  expect(await bound('C-acme')).toEqual([{ audience: 'client', client_id: firm.acme.id, name: '#acme' }]);
  expect(await bound('C-of-somebody-else')).toEqual([]);

  await bind(firm.admin, { place: here('C-team'), form: { readers: 'triage', name: '#triage' } });
  expect(await bound('C-team')).toEqual([{ audience: 'triage', client_id: null, name: '#triage' }]);
});

test('a member binds for the clients they see, and a contact binds nothing', async () => {
  const foreign = { readers: firm.globex.id, name: '#globex' };
  expect(await bind(firm.member, { place: here('C-globex'), form: foreign })).toMatchObject({ code: 'not_found' });
  expect(await bind(firm.acme.clientAdmin, { place: here('C-x') })).toMatchObject({ code: 'forbidden' });
  const own = { readers: firm.acme.id, name: '#x' };
  expect(await bind(firm.acme.clientAdmin, { place: here('C-x'), form: own })).toMatchObject({ kind: 'refused' });
  expect(await bound('C-globex')).toEqual([]);
  expect(await bound('C-x')).toEqual([]);
});

test('where there is no channel it says how a channel is bound, and nothing is taken', async () => {
  const asked = await bind(firm.admin, {});
  expect(asked).toMatchObject({ kind: 'card' });
  expect(JSON.stringify(asked)).toContain('write /parley bind there');
  const form = { readers: 'triage', name: 'Nowhere' };
  expect(await bind(firm.admin, { form })).toMatchObject({ kind: 'invalid' });
});

test('what is chosen must be a reader, and a channel keeps the readers it has', async () => {
  expect(
    await bind(firm.admin, { place: here('C-acme'), form: { readers: 'everybody', name: '#acme' } }),
  ).toMatchObject({
    kind: 'invalid',
    fields: { readers: 'choose who reads it' },
  });
  const others = { readers: firm.globex.id, name: '#acme' };
  expect(await bind(firm.admin, { place: here('C-acme'), form: others })).toMatchObject({
    kind: 'refused',
    code: 'conflict',
  });
  expect(await bound('C-acme')).toHaveLength(1);
});
