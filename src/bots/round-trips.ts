import { openedCredentials } from '../core/kernel/connection.ts';
import { ask } from '../core/kernel/db.ts';
import type { Egress } from '../core/kernel/egress.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { AnyChannelKind, RoundTrip } from './channel.ts';
import { Undeliverable } from './channel.ts';
import { every } from './every.ts';

/** Milliseconds between two looks for accounts that wait: somebody may be looking at the page. */
const LOOKING = 3_000;
/** Taken up at a time: each may cost a connection to a server that does not answer. */
const AT_ONCE = 8;

interface RoundTripTools {
  app: App;
  publicUrl: string;
  /** What the environment gives of the platform: what is sent to prove an account goes out by it. */
  given: unknown;
  egress: Egress;
}

/** An account that counts once what was sent there has arrived in it. */
interface Waiting {
  tenantId: string;
  id: string;
  account: string;
  /** The connection that it becomes. */
  connection: string;
  sealed: Buffer;
  expiresAt: Date;
  sentAt: Date | null;
  firm: string;
  person: string;
}

/** Follows the accounts of a platform that wait for their proof; returns how to stop. */
export function followRoundTrips(kind: AnyChannelKind, tools: RoundTripTools): () => Promise<void> {
  return every(LOOKING, () => lookAtWaiting(kind, tools), tools);
}

/** Looks once at those whose time it is. Several processes may: each sees others, and what is done twice is done once. */
export async function lookAtWaiting(kind: AnyChannelKind, tools: RoundTripTools): Promise<void> {
  const { app } = tools;
  const waiting = await ask<Waiting>(app.database, {
    text: 'select * from parley_take_proofs($1, $2, $3)',
    values: [kind.name, app.clock.now(), AT_ONCE],
  });
  const trip = waiting.length ? (await kind.load()).roundTrip : undefined;
  if (!trip) return;
  await Promise.all(
    waiting.map((one) =>
      lookAt(kind, trip, tools, one).catch((error: unknown) =>
        app.log.info({ why: codesOf(error), account: one.account }, 'an account that waits could not be looked at'),
      ),
    ),
  );
}

async function lookAt(
  kind: AnyChannelKind,
  trip: RoundTrip<unknown>,
  tools: RoundTripTools,
  one: Waiting,
): Promise<void> {
  const { app, egress } = tools;
  const isLate = one.expiresAt <= app.clock.now();
  if (!one.sentAt) {
    const fault = await send(trip, tools, one);
    if (fault === 'refused' || (fault && isLate)) await end(app, one, trip.said[fault]);
    return;
  }
  const sealed = { ...one, id: one.connection, tool: kind.name };
  const typed: unknown = kind.credentials.parse(await openedCredentials(app, sealed));
  const arrived = await trip.arrived(typed, one, { app, egress }).catch((error: unknown) => {
    app.log.info(
      { why: codesOf(error), account: one.account },
      'it could not be looked for what was sent to an account',
    );
    return false;
  });
  if (arrived) await finish(app, one);
  else if (isLate) await end(app, one, trip.said.late);
}

/** Sends it; what went out and was not noted goes out once more, and proves the same. */
async function send(
  trip: RoundTrip<unknown>,
  { app, publicUrl, given }: RoundTripTools,
  one: Waiting,
): Promise<'refused' | 'unsent' | null> {
  try {
    await trip.send(given, one, { app, publicUrl });
  } catch (error) {
    app.log.warn({ why: codesOf(error), account: one.account }, 'what proves an account could not be sent');
    return error instanceof Undeliverable ? 'refused' : 'unsent';
  }
  await ask(app.database, {
    text: 'select parley_note_proof_sent($1, $2, $3)',
    values: [one.tenantId, one.id, app.clock.now()],
  });
  return null;
}

/** What a server said may name the address that proves an account: it stands in no log and on no page. */
function codesOf(error: unknown): string {
  const { name, code, responseCode } = error as { name?: string; code?: string; responseCode?: number };
  return [name, code, responseCode].filter((part) => part !== undefined).join(' ');
}

async function finish(app: App, one: Waiting): Promise<void> {
  try {
    await run(app, one, 'connection.finish-proof', {}, `proof:${one.id}`);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
    await end(app, one, error.say);
  }
}

async function end(app: App, one: Waiting, reason: string): Promise<void> {
  const requestId = `proof ended:${one.id}:${one.expiresAt.getTime()}`;
  await run(app, one, 'connection.end-proof', { reason }, requestId).catch((error: unknown) => {
    // It ended meanwhile, in another process.
    if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
  });
}

async function run(app: App, { tenantId, id }: Waiting, name: string, more: object, requestId: string): Promise<void> {
  const who = { kind: 'system', tenantId, reason: 'proving an account' } as const;
  await runCommand(app, who, { name, input: { waiting: id, ...more }, requestId });
}
