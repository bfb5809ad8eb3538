import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SlackStandIn } from '../../simulator/slack/index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import { slackPlatform } from './platform.ts';

let slack: SlackStandIn;
beforeAll(async () => {
  slack = await startSlackStandIn({ signingSecret: 'a signing secret', eventsUrl: 'http://127.0.0.1:9/' });
  slack.addPerson('U1', 'Ada Admin');
  slack.addChannel('C1', 'acme', ['U1']);
});
afterAll(() => slack.stop());

const platform = (botToken = slack.botToken) =>
  slackPlatform({ botToken, signingSecret: 'a signing secret', apiUrl: slack.apiUrl });

test('one bot token is for one workspace, by its name', async () => {
  const { id, name } = slack.workspace.team;

  expect(await platform().checkAccount?.(id)).toEqual({ name });
  await expect(platform().checkAccount?.('T-second')).rejects.toMatchObject({
    code: 'conflict',
    say: expect.stringContaining(`SLACK_BOT_TOKEN is for the workspace ${id}`),
  });
  await expect(platform('xoxb-other').checkAccount?.(id)).rejects.toMatchObject({
    say: expect.stringContaining('Slack does not accept SLACK_BOT_TOKEN'),
  });
});

test('a channel that is not there, is archived or has no Parley in it is told with its cure', async () => {
  const channel = slack.workspace.channels.C1;
  if (!channel) throw new Error('there is no channel');
  const { id } = slack.workspace.team;
  const check = (address: string) => platform().checkRoom?.(id, address);

  await check('C1');
  await expect(check('C-none')).rejects.toMatchObject({ say: expect.stringContaining('does not know this channel') });
  channel.archived = true;
  await expect(check('C1')).rejects.toMatchObject({ say: expect.stringContaining('archived') });
  Object.assign(channel, { archived: false, members: ['U1'] });
  await expect(check('C1')).rejects.toMatchObject({ say: expect.stringContaining('/invite @Parley') });
});

test('Slack that cannot be reached is a passing fault', async () => {
  const away = slackPlatform({ botToken: 'xoxb-any', signingSecret: 'secret', apiUrl: 'http://127.0.0.1:9/' });

  await expect(away.checkAccount?.('T1')).rejects.toMatchObject({ code: 'unavailable' });
});
