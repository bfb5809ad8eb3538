import { RetryLater } from '../core/kernel/jobs.ts';
import type { App } from '../core/kernel/registry.ts';
import { asConnector } from './as-connector.ts';
import type { Thing } from './claims.ts';
import { claim, scopeOf, setClaim } from './claims.ts';
import type { Connection } from './connector.ts';

/** How long after a try with unknown outcome what it made surely can be found, if it made anything. */
const SETTLED_SECONDS = 30;

/** How a thing is made in a tool that has no keys against doubled requests. */
export interface Making<Made> {
  /** Looks for what an earlier try made. */
  find(): Promise<Made | null>;
  make(): Promise<Made>;
  /** Whether it is looked for also when nobody is known to have tried. */
  look: 'always' | 'only after a try';
  /** True for an error after which the tool has certainly made nothing. */
  surelyNotDone(error: unknown): boolean;
}

/**
 * Makes a thing in a tool, once. The try is noted before it is made; who finds such a note looks first, and while the earlier
 * try may still be on its way, or not be in the tool's index yet, waits.
 * @throws RetryLater in the latter case
 */
export async function once<Made>(
  app: App,
  connection: Connection,
  thing: Thing & { clientId: string },
  { find, make, look, surelyNotDone }: Making<Made>,
): Promise<Made> {
  const scope = scopeOf(connection);
  const [earlier, now] = await asConnector(
    app,
    connection,
    async ({ sql, now: at }) => [await claim(sql, scope, thing, at), at] as const,
  );
  if (earlier !== 'fresh') {
    const found = await find();
    if (found) return found;
    const seconds = SETTLED_SECONDS - (now.getTime() - earlier.getTime()) / 1000;
    if (seconds > 0) throw new RetryLater(Math.ceil(seconds), `an earlier try may still arrive in ${connection.tool}`);
    await asConnector(app, connection, ({ sql }) => setClaim(sql, scope, thing, 'sending', now));
  }
  try {
    const found = earlier === 'fresh' && look === 'always' ? await find() : null;
    return found ?? (await make());
  } catch (error) {
    // Anything unsure leaves the note as it is, so that the next try looks first.
    if (surelyNotDone(error)) await asConnector(app, connection, ({ sql }) => setClaim(sql, scope, thing, 'free', now));
    throw error;
  }
}
