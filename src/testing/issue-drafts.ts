/**
 * Issues drafts one after the other, as a process of its own that a test may kill at any moment. It says when it is ready, and begins
 * with the first line that it is sent.
 *
 * Usage: node src/testing/issue-drafts.ts <url of the database> <firm> <person> <draft>…
 */
import { once } from 'node:events';
import { openServer } from '../core/kernel/db.ts';
import { runCommand } from '../core/kernel/registry.ts';
import { testApp } from './app.ts';
import { as } from './firm.ts';

const [, , url = '', tenantId = '', personId = '', ...drafts] = process.argv;
const app = await testApp(openServer(url, { connections: 4, onError: () => undefined }));
console.log('ready');
await once(process.stdin, 'data');
for (const invoice of drafts)
  await runCommand(app, as({ tenantId }, personId), {
    name: 'invoice.issue',
    input: { invoice, version: 1 },
    requestId: `issue ${invoice}`,
  }).catch(() => undefined);
await app.close();
process.stdin.destroy();
