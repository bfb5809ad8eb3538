import { connectorContract } from '../../testing/connector-contract.ts';
import { startGrantedHub } from '../../testing/granted-jira-hub.ts';
import { jiraFor } from '../../testing/jira-hub.ts';
import { copiesOn, jiraStage } from '../../testing/jira-stage.ts';

connectorContract('jira', async () => {
  const hub = await startGrantedHub();
  const { clientId, clientSecret } = hub.application;
  return jiraStage(hub, {
    signed: (_body, how) => {
      const secret = how === 'right' ? clientSecret : 'another secret';
      return { authorization: `Bearer ${hub.jira.appHooks.token({ clientId, clientSecret: secret })}` };
    },
    another: async () => {
      const site = await jiraFor(hub.app, '');
      const { connector, stop } = await hub.another(site);
      return {
        connector,
        copies: (ticket) => copiesOn(site, ticket),
        stop: async () => {
          await stop();
          await site.stop();
        },
      };
    },
    // A site whose permission was taken back; the stand-in takes no other back with it.
    refused: async () => {
      const site = await jiraFor(hub.app, '');
      const { connector, stop } = await hub.another(site);
      hub.atlassian.grants.revoke(1);
      const close = async () => {
        await stop();
        await site.stop();
      };
      return { ...connector, close };
    },
  });
});
