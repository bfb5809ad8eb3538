import type { Logger } from 'pino';
import type { Actor, Who } from './actor.ts';
import { assured } from './actor.ts';
import type { Press } from './card.ts';
import { encodePress } from './card.ts';
import type { Clock } from './clock.ts';
import type { Database, Opened, Sql, Transaction } from './db.ts';
import { inTransaction } from './db.ts';
import { DomainError, NotLinked } from './errors.ts';
import type { Files } from './files.ts';
import type { Jobs } from './jobs.ts';
import { keyOf, throughKey } from './key-use.ts';
import { signLink, signSignIn } from './links.ts';
import type { Platforms } from './platform.ts';
import type { Secrets } from './secrets.ts';
import { signingNothing } from './secrets.ts';
import { SIGN_IN_SECONDS } from './session-life.ts';
import type { Opening } from './turns.ts';
import { isUuid } from './uuid.ts';

/** What a process has: made once in main.ts, handed to everything that needs it. */
export interface Kernel {
  database: Database;
  jobs: Jobs;
  clock: Clock;
  log: Logger;
  secrets: Secrets;
  platforms: Platforms;
  files: Files;
  /** The address under which people reach this hub, without a trailing slash. */
  publicUrl: string;
}

/** What a command or view works with: who acts, when, and the only database handle. */
export interface Context {
  actor: Actor;
  now: Date;
  sql: Sql;
  /** Prisma's typed reads, in the same transaction under the same policies. */
  readonly prisma: Transaction['prisma'];
  newId(): string;
  /** For codes and signatures that are derived instead of stored. */
  secrets: Secrets;
  /** What this hub is connected to: a view offers what works here. */
  platforms: Pick<Platforms, 'has' | 'direct' | 'installs' | 'ways' | 'asks' | 'posts' | 'addressFault'>;
  /** Whether files can be sent to this hub. */
  files: Pick<Files, 'takes'>;
  /** The address of the actor's own page for a press; null for anybody who is not known to be there, like a room. */
  pageOf(press: Press): string | null;
  /** The address under which people reach this hub, without a trailing slash. */
  publicUrl: string;
  /**
   * Where the actor does a press signed in, or (null) the home of the pages. For somebody in a chat in which they are linked the
   * address signs in, once and within minutes: it is shown to them alone. For everybody else signing in comes first.
   */
  portalOf(press: Press | null): string;
}

/**
 * The one door to the data: reads inside one transaction that shows what the actor may see.
 * @param about what the work is about, as named by the input of a command or view: see `openingOf`
 * @throws NotLinked for a chat user or address nobody is linked to; DomainError not_found for an unknown firm or person
 */
export async function withActor<T>(
  kernel: Kernel,
  who: Who,
  work: (context: Context) => Promise<T>,
  about?: unknown,
): Promise<T> {
  return inTransaction(kernel.database, kernel.clock, openingOf(who, about), async (transaction, opened) => {
    // Whoever looks through somebody's eyes leaves nothing in their name, whatever is asked; nor does a program that reads.
    if (isLook(who) || keyOf(who)) await transaction.sql`select set_config('transaction_read_only', 'on', true)`;
    // A code or a link that would act as somebody is handed to no program.
    const reading = keyOf(who) ? { ...kernel, secrets: signingNothing(kernel.secrets) } : kernel;
    return work(contextOf(reading, transaction, opened, who));
  });
}

/** Does a member of the team look through this person's eyes? */
export function isLook(who: Who): boolean {
  return who.kind === 'person' && who.look !== undefined;
}

/** These say whose everything else is, the nearest to the client first. */
const WHOSE = ['client', 'project'];

/**
 * What parley_open is asked, without a claim.
 * @param input of a command or view. Where it names a thing of one client (the database knows which are, by parley_entity), a
 *   staff member's transaction is opened for that client alone, and a contact's for its project: it can neither show nor
 *   change anything else.
 * @param known the inputs that a channel says of itself, like an account: nothing is about these
 */
export function openingOf(who: Who, input?: unknown, known: readonly string[] = []): Opening {
  // What a room's readers may see is the same whatever they ask about.
  if (who.kind === 'audience') return openingAs(who);
  const named = Object.entries((input ?? {}) as Record<string, unknown>);
  const ids = named.filter(([name, id]) => isUuid(String(id)) && !known.includes(name));
  const whose = WHOSE.flatMap((name) => ids.filter(([key]) => key === name));
  const [entity, id] = whose[0] ?? ids[0] ?? [];
  return { ...openingAs(who), ...(entity ? { about: { entity, id } } : {}) };
}

/** What is recorded of an act is said when its transaction opens: nothing that runs inside can say it anew. */
function openingAs(who: Who): Opening {
  switch (who.kind) {
    case 'person': {
      const { channel, assurance, onBehalfOf } = who;
      return { kind: 'person', tenant: who.tenantId, person: who.personId, channel, assurance, onBehalfOf };
    }
    case 'identity': {
      const { install, provider, account, externalId, channel, assurance } = who;
      return { kind: 'identity', install, provider, account, externalId, channel, assurance };
    }
    case 'audience':
      return { kind: 'audience', tenant: who.tenantId, room: who.roomId };
    case 'integration': {
      const { connector, account } = who;
      return { kind: 'integration', tenant: who.tenantId, connector, account, channel: connector };
    }
    case 'system':
      return { kind: 'system', tenant: who.tenantId, channel: 'system', onBehalfOf: who.reason };
  }
}

/** Turns what the database said of the actor into a context. */
export function contextOf(kernel: Kernel, transaction: Transaction, opened: Opened, who: Who): Context {
  const actor = throughKey(actorOf(opened.actor, who), keyOf(who));
  return {
    actor,
    now: opened.now,
    sql: transaction.sql,
    get prisma() {
      return transaction.prisma;
    },
    newId: () => crypto.randomUUID(),
    // A code or a link that would act as somebody is shown to nobody but them.
    secrets: isLook(who) ? signingNothing(kernel.secrets) : kernel.secrets,
    pageOf: (press) => pageOf(kernel, actor, opened.now, press),
    publicUrl: kernel.publicUrl,
    portalOf: (press) => portalOf(kernel, actor, opened.now, press),
    platforms: kernel.platforms,
    files: kernel.files,
  };
}

const DAY = 86_400;

/**
 * A link for whoever asks for it themselves, in a chat they are linked in: shown to them alone, so it lives a day or two. It
 * gives no more than a mail's link does.
 */
function pageOf({ secrets, publicUrl }: Kernel, actor: Actor, now: Date, press: Press): string | null {
  if (actor.kind !== 'person' || !assured(actor.assurance, 'chat')) return null;
  const { tenantId, personId } = actor;
  const expires = (Math.floor(now.getTime() / 1000 / DAY) + 2) * DAY;
  const nonce = secrets.sign('link-nonce', `page ${personId} ${encodePress(press)} ${expires}`).slice(0, 24);
  return `${publicUrl}/l/${signLink(secrets, { tenantId, personId, press, nonce, expires })}`;
}

function portalOf({ secrets, publicUrl }: Kernel, actor: Actor, now: Date, press: Press | null): string {
  const back = press ? encodePress(press) : '';
  // Links of what is looked at stay within the look.
  if (actor.kind === 'person' && actor.look) return `${publicUrl}/app/as/${actor.look}${back ? `/${back}` : ''}`;
  if (actor.kind !== 'person' || actor.channel === 'portal' || !assured(actor.assurance, 'chat'))
    return `${publicUrl}/app${back ? `/${back}` : ''}`;
  const { tenantId, personId } = actor;
  const expires = Math.floor(now.getTime() / 1000) + SIGN_IN_SECONDS;
  const id = crypto.randomUUID();
  return `${publicUrl}/sign-in/${signSignIn(secrets, { tenantId, personId, id, shown: 'chat', browser: '', back, expires })}`;
}

function actorOf(opened: Opened['actor'], who: Who): Actor {
  if (!opened) throw new DomainError('not_found', 'This workspace is not connected to Parley.');
  if (opened.kind === 'unknown') {
    if (who.kind === 'identity') throw new NotLinked(String(opened.tenantId));
    throw new DomainError('not_found', 'There is no such person or room.');
  }
  switch (who.kind) {
    case 'person':
      return {
        ...opened,
        channel: who.channel,
        assurance: who.assurance,
        ...(who.onBehalfOf ? { onBehalfOf: who.onBehalfOf } : {}),
        ...(who.look ? { look: who.look } : {}),
      } as Actor;
    case 'identity':
      return { ...opened, channel: who.channel, assurance: who.assurance } as Actor;
    case 'audience':
      return opened as unknown as Actor;
    case 'integration':
      return { ...opened, connector: who.connector, account: who.account } as Actor;
    case 'system':
      return { ...opened, reason: who.reason } as Actor;
  }
}
