import express from 'express';
import { webhookSource } from '../../webhooks/inbox.ts';
import { mountWebhooks } from '../../webhooks/receiver.ts';
import { storedConnection } from '../core/kernel/connection.ts';
import { fanOut, react, reactionConsumer, readEvent } from '../core/kernel/delivery.ts';
import type { Event } from '../core/kernel/event.ts';
import { workInbox } from '../core/kernel/inbox.ts';
import type { Job } from '../core/kernel/jobs.ts';
import { RetryLater } from '../core/kernel/jobs.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { ManyAccounts } from '../integrations/accounts.ts';
import type { Connector } from '../integrations/connector.ts';
import type { Reconciled } from '../integrations/runner.ts';
import { push, pushConsumer, reconcile } from '../integrations/runner.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { environmentOnly } from './connectors.ts';
import type { OwnerQuery } from './database.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import { listen } from './listen.ts';

/** A tool's stand-in, and the connector that is opened for it. */
export interface Tool {
  connector: Connector;
  /** All accounts, where the firm's has credentials of its own; else it is reached with the environment's, by `connector`. */
  accounts?: ManyAccounts;
  /** Connects the account to the firm with them. */
  connect?(firm: TestFirm): Promise<void>;
  wants(event: Event): boolean;
  /** When every webhook that was sent has been answered. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** A firm on a real database, connected to a stand-in of a tool, with its jobs run one by one by the test. */
export interface ConnectorHub {
  app: TestApp;
  firm: TestFirm;
  connector: Connector;
  connectors: ManyAccounts;
  /** Where the hub takes webhooks. */
  url: string;
  run(who: string, name: string, input: Record<string, unknown>): Promise<unknown>;
  query: OwnerQuery;
  /** Runs jobs and webhooks until nothing is left to do; see Pace. */
  settle(pace?: Partial<Pace>): Promise<void>;
  /** Pushes a thing's last event of that name, as a job would; to a connector that was opened otherwise, if so. */
  pushAgain(thing: string, event: string, to?: Connector): Promise<void>;
  reconcile(): Promise<Reconciled[]>;
  /** Jobs that failed, with why; those that wait for a time are not among them. */
  failures: { queue: string; error: string }[];
  close(): Promise<void>;
}

export interface Pace {
  /** Chooses the next among so many that may run. */
  pick(count: number): number;
  /** Stops after so many turns, whatever is left. */
  turns: number;
  /** How many run at the same time. */
  together: number;
}

/** A job with its tries so far. */
interface Waiting extends Job {
  attempt: number;
}

/** More jobs than any of the tests needs: whoever gets there is going in circles. */
const MANY = 3_000;

export async function startConnectorHub(begin: (app: TestApp) => Promise<Tool>): Promise<ConnectorHub> {
  const app = await testApp();
  const firm = await makeFirm(app.database);
  const tool = await begin(app);
  const { connector } = tool;
  const { name, account } = connector;
  const accounts = tool.accounts ?? environmentOnly(app, connector, tool.wants);
  const connectors = new Map([[name, accounts]]);
  const query = asOwner(app.database);
  const bare = 'insert into connection (tenant_id, id, tool, account) values ($1, $2, $3, $4)';
  if (tool.connect) await tool.connect(firm);
  else await query(bare, [firm.tenantId, crypto.randomUUID(), name, account]);
  const web = express();
  mountWebhooks(web, app, connectors);
  const server = await listen(web);
  const failures: ConnectorHub['failures'] = [];
  const settle = pumpOf(app, connectors, { failures, settled: tool.settled });
  return {
    ...{ app, firm, connector, connectors: accounts, query, failures, settle },
    url: server.url,
    run: async (person, command, input) => {
      const request = { name: command, input, requestId: crypto.randomUUID() };
      return (await runCommand(app, as(firm, person), request)).output;
    },
    pushAgain: async (thing, event, to) => {
      const [row] = await query('select id from event where entity_id = $1 and name = $2 order by seq desc limit 1', [
        ...[thing, event],
      ]);
      const told = await readEvent(app, firm.tenantId, String(row?.id));
      if (!to) return accounts.use(firm.tenantId, { account }, (opened, connection) => opened.push(connection, told));
      // By hand: what is refused there is not this account's fault.
      const connection = await storedConnection(app, firm.tenantId, name, { account });
      if (!connection) throw new Error(`${name} ${account} is not connected`);
      await to.push({ ...connection, account: to.account }, told);
    },
    reconcile: async () => {
      const asked = (await accounts.all()).map((one) => ({ connector: name, ...one }));
      const found = await Promise.all(asked.map((one) => reconcile(app, connectors, one)));
      return found.filter((one) => one !== null);
    },
    close: async () => {
      await tool.stop();
      await server.stop();
      await app.close();
    },
  };
}

/** Runs what was asked of the queue, one job after the other, until nothing is left. */
function pumpOf(
  app: TestApp,
  connectors: ReadonlyMap<string, ManyAccounts>,
  { failures, settled }: Pick<ConnectorHub, 'failures'> & Pick<Tool, 'settled'>,
): ConnectorHub['settle'] {
  const consumers = [reactionConsumer(app), pushConsumer(connectors)];
  const sources = new Map([...connectors].map(([name, accounts]) => [name, webhookSource(app, accounts)]));
  const work = async (job: Waiting): Promise<void> => {
    if (job.queue === 'event') await fanOut(app, consumers, job.data as Parameters<typeof fanOut>[2]);
    if (job.queue === 'push') await push(app, connectors, job.data as Parameters<typeof push>[2]);
    if (job.queue === 'react') await react(app, job.data as Parameters<typeof react>[1]);
    if (job.queue === 'inbox') await workInbox(app, sources, job.data as Parameters<typeof workInbox>[2], job.attempt);
  };
  let waiting: Waiting[] = [];
  const runJob = async (job: Waiting): Promise<void> => {
    try {
      await work(job);
      waiting = waiting.filter((one) => one !== job);
    } catch (error) {
      if (error instanceof RetryLater) {
        app.clock.jump(error.seconds * 1000);
        return;
      }
      failures.push({ queue: job.queue, error: error instanceof Error ? error.message : String(error) });
      job.attempt += 1;
      if (job.attempt > 10) throw error;
    }
  };
  return async ({ pick = () => 0, turns = MANY, together = 1 } = {}) => {
    for (let turn = 0; turn < turns; turn += 1) {
      await settled();
      waiting.push(...app.asked.splice(0).map((job) => ({ ...job, attempt: 0 })));
      const ready = waiting.filter((job) => isReady(job, waiting));
      if (!ready.length) return;
      const chosen = Array.from({ length: Math.min(together, ready.length) }, () =>
        ready.splice(pick(ready.length), 1),
      );
      await Promise.all(chosen.flat().map(runJob));
    }
    if (turns === MANY) throw new Error('the two sides are going in circles');
  };
}

/** Pushes of one thing keep their order; everything else may come in any. */
function isReady(job: Waiting, waiting: readonly Waiting[]): boolean {
  return job.queue !== 'push' || waiting.find((one) => one.queue === 'push' && one.key === job.key) === job;
}
