import { createHmac } from 'node:crypto';
import { connectorContract } from '../../testing/connector-contract.ts';
import { connectorFor, jiraFor, SECRET, startJiraHub } from '../../testing/jira-hub.ts';
import { copiesOn, jiraStage } from '../../testing/jira-stage.ts';

connectorContract('jira', async () => {
  const hub = await startJiraHub();
  return jiraStage(hub, {
    signed: (body, how) => {
      const secret = how === 'right' ? SECRET : 'another secret';
      return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    },
    another: async () => {
      const site = await jiraFor(hub.app);
      const connector = await connectorFor(hub.app, site);
      const stop = async () => {
        await connector.close?.();
        await site.stop();
      };
      return { connector, copies: (ticket) => copiesOn(site, ticket), stop };
    },
    refused: () => connectorFor(hub.app, hub.jira, { apiToken: 'not the token' }),
  });
});
