import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { everyPlatform, testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Platforms } from '../kernel/platform.ts';
import { runCommand } from '../kernel/registry.ts';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Another Studio');
});
afterAll(() => app.close());

const operator = ({ tenantId }: TestFirm): Who => ({ kind: 'system', tenantId, reason: 'command line' });
const connect = (who: Who, account: string, platforms?: Platforms) =>
  runCommand(platforms ? { ...app, platforms } : app, who, {
    name: 'connection.connect',
    input: { tool: 'slack', account },
    requestId: `connect ${++count}`,
  });
const connectionsTo = (account: string) =>
  asOwner(app.database)('select tenant_id, settings from connection where account = $1', [account]);

test('no administrator of a firm claims a workspace that nobody connected yet', async () => {
  await expect(connect(as(firm, firm.admin), 'T-free')).rejects.toMatchObject({ code: 'forbidden' });
  expect(await connectionsTo('T-free')).toEqual([]);
});

test('an account is connected when the credentials of the hub are for it, by the name it has there', async () => {
  const checkAccount = async (account: string) => {
    if (account !== 'T-ours') throw new DomainError('conflict', 'SLACK_BOT_TOKEN is for the workspace T-ours.');
    return { name: 'Northwind' };
  };
  const platforms = everyPlatform({ slack: { checkAccount } });

  const { card } = await connect(operator(firm), 'T-ours', platforms);
  expect(card).toMatchObject({ title: 'Slack Northwind is connected.', actions: [{ label: 'Open Slack Northwind' }] });
  await expect(connect(operator(firm), 'T-second', platforms)).rejects.toMatchObject({
    say: 'SLACK_BOT_TOKEN is for the workspace T-ours.',
  });

  expect(await connectionsTo('T-ours')).toEqual([{ tenant_id: firm.tenantId, settings: { name: 'Northwind' } }]);
  expect(await connectionsTo('T-second')).toEqual([]);
});

test('an account belongs to one firm', async () => {
  await connect(operator(firm), 'T-once');
  await expect(connect(operator(other), 'T-once')).rejects.toMatchObject({ code: 'conflict' });
});

test('a tool that is not set up here is refused with the cure', async () => {
  const platforms = { has: () => false, open: async () => null };
  await expect(connect(operator(firm), 'T-later', platforms)).rejects.toMatchObject({
    say: expect.stringContaining('not set up in this hub'),
  });
});
