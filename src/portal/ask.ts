import { ask } from '../core/kernel/db.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { runCommand } from '../core/kernel/registry.ts';

/** Somebody asked for a link at a mail address, in a browser. */
export interface SignInJob {
  email: string;
  browser: string;
  device: string;
  place: string;
  back: string;
}

/**
 * Sends the link from every firm that knows the address. A worker does it: what the page answers, and how long that takes,
 * is the same for an address that nobody knows.
 */
export async function sendLinks(app: App, data: SignInJob, jobId: string): Promise<void> {
  const firms = await ask<{ id: string }>(app.database, {
    text: 'select id from parley_sign_in_firms($1)',
    values: [data.email],
  });
  for (const { id: tenantId } of firms) {
    const request = { name: 'session.ask-link', input: data, requestId: `sign-in ${jobId}` };
    await runCommand(app, { kind: 'system', tenantId, reason: 'signing in' }, request).catch((error: unknown) => {
      // Who asks too often, or lost their access a moment ago, gets none.
      if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
      app.log.info({ tenantId, code: error.code }, 'no link for signing in was sent');
    });
  }
}
