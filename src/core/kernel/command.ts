import { hash } from 'node:crypto';
import type { ZodType } from 'zod';
import type { Actor, Assurance, Module, Who } from './actor.ts';
import { isSure } from './actor.ts';
import type { Button, Card, Press } from './card.ts';
import type { Context, Kernel } from './context.ts';
import { contextOf, isLook, openingOf } from './context.ts';
import type { Opened, Transaction } from './db.ts';
import { inTransaction } from './db.ts';
import { DomainError } from './errors.ts';
import type { Decision, ShownOnce } from './event.ts';
import type { CommandForm } from './form.ts';
import { comparable } from './hidden.ts';
import { requireKey } from './key-use.ts';
import { requirePage } from './on-page.ts';
import { inPlainWords } from './plain.ts';
import type { Platforms } from './platform.ts';
import { unstorableIn } from './text.ts';
import type { Word } from './words.ts';

/** A named write: the only way in which anything changes. */
export interface Command<In, Subject, Out, Asked = unknown> {
  /** `area.verb` */
  name: string;
  input: ZodType<In>;
  /** Names under which cards that were posted earlier still press it. */
  formerly?: readonly string[];
  /** People open its form by writing this. */
  word?: Word;
  /** How it asks for what a press lacks: a form brings its fields and nothing else. Without one, a press brings everything. */
  form?: CommandForm;
  /** Whose things it makes: who may not read them is not offered it. Without one, and about no thing of a module, no key does it. */
  module?: Module;
  /** The thing that it is about, and its button there. */
  about?: AboutThing;
  /** The inputs that only a channel knows (who writes, in which room): neither a form nor a button brings them. */
  known?: readonly (keyof NoInfer<In> & string)[];
  /** It is about the room in which it is asked for: the channel says which, as `channel`, `account` and `address`. */
  here?: boolean;
  /**
   * It says whose the account is in which it is asked for: it is done for the firm of the code that is posted, whichever firm's the
   * account was.
   */
  claims?: boolean;
  /** It is done on the pages of somebody who is signed in alone, like what asks for a secret: see `isOnPage`. */
  onPage?: true;
  /** Somebody agrees to something by it: it is done by a person's own press, and by no key of theirs. */
  signs?: true;
  /** The least assurance that may do this (default: link): always the same, or by what it is about and what is asked. Pure. */
  assurance?: Assurance | ((subject: NoInfer<Subject>, input: NoInfer<In>) => Assurance);
  /** People who are not linked yet may ask for it (linking itself); it then runs as the system. */
  unlinked?: boolean;
  /** What the command is about; null is answered as not_found. Row level security has already hidden the rest. */
  load(context: Context, input: In): Promise<Subject | null>;
  /** May this actor do it to this subject? Pure; cards use the same function to leave buttons out. */
  policy(actor: Actor, subject: NoInfer<Subject>): boolean;
  /**
   * Asks a platform, before the transaction and once it is known that the actor may do this: no network call is made inside one.
   * @throws DomainError when what the platform says speaks against it
   */
  ask?(platforms: Platforms, input: NoInfer<In>): Promise<Asked>;
  /** Decides and writes. Returns the facts it leaves and an output of plain JSON, which a replay answers again. */
  handle(
    context: Context,
    input: NoInfer<In>,
    subject: NoInfer<Subject>,
    asked: NoInfer<Asked>,
  ): Promise<Decision<Out>>;
  /** What the person who asked is shown. Pure. */
  reply(output: Out, actor: Actor): Card;
}

/** What the registry and a thing's cards know of a command about it. */
export interface AboutThing {
  thing: { name: string; module: Module | null };
  // biome-ignore lint/suspicious/noExplicitAny: a thing of any kind
  buttons(it: any, actor: Actor): Button[];
  /** Where they stand among the buttons of the thing: the smallest in front. */
  rank: number;
  /** Its form about a thing that was read, whoever may fill it in. */
  // biome-ignore lint/suspicious/noExplicitAny: a thing of any kind
  ask(it: any, context: Context): Promise<Card>;
  /** The press that shows it as it is. */
  showing(it: { id: string }): Press;
  /** It takes what somebody wrote in answer to the thing's card: for both sides, or for the team alone. */
  takes?: 'answer' | 'note';
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds commands of every input and output
export type AnyCommand = Command<any, any, any, any>;

/** Gives a command its types. */
export function command<In, Subject, Out, Asked>(
  definition: Command<In, Subject, Out, Asked>,
): Command<In, Subject, Out, Asked> {
  return definition;
}

export interface Outcome<Out> {
  output: Out;
  actor: Actor;
  /** True when the request id had run before: nothing was done again. */
  replayed: boolean;
  /** What the page behind the press shows this once: see `Decision.shown`. Never for a replay. */
  shown?: ShownOnce;
}

/**
 * Runs a command in one transaction: context and a look for the request id in one statement, the command's own load and
 * write, then the claim of the request id, events, audit and jobs together with the commit.
 * @param requestId unique per firm; a repeat by the same actor with the same input answers the first outcome
 * @throws DomainError (see ErrorCode); nothing was changed then, unless its detail says that this is unknown
 */
export async function executeCommand<In, Subject, Out, Asked>(
  kernel: Kernel,
  command: Command<In, Subject, Out, Asked>,
  who: Who,
  request: { input: unknown; requestId: string },
): Promise<Outcome<Out>> {
  if (isLook(who)) throw new DomainError('forbidden', 'You see this as somebody else does. Nothing can be done here.');
  requirePage(command, who);
  requireKey(command, who);
  const input = parseInput(command.input, request.input);
  const inputHash = hash('sha256', comparable(kernel.secrets, input), 'base64url');
  const { unsettled } = kernel.database;
  const asked = `${command.name} ${inputHash} ${JSON.stringify(openingOf(who))}`;
  const requestId = unsettled.find(asked) ?? request.requestId;
  const open = { ...openingOf(who, input, command.known), request: requestId };
  const said = command.ask ? await askFirst(kernel, command, who, open, input) : undefined;
  const running = inTransaction(kernel.database, kernel.clock, open, async (transaction, opened, ending) => {
    const context = contextOf(kernel, transaction, opened, who);
    const { actor } = context;
    if (actor.kind === 'audience') throw new DomainError('forbidden', 'A room cannot act; a person must.');
    const first = (replay: Opened['replay']) => {
      if (!replay) return null;
      if (replay.byAnother || replay.command !== command.name || replay.inputHash !== inputHash)
        throw new DomainError('conflict', 'This request was already used for something else.');
      return { output: replay.outcome as Out, actor, replayed: true };
    };
    const before = first(opened.replay);
    if (before) return before;
    let decision: Decision<Out>;
    try {
      decision = await command.handle(context, input, await allowed(context, command, input), said as Asked);
    } catch (error) {
      // The same request, running at the same time, may have done it: then its outcome is the answer, not the refusal.
      const meanwhile = error instanceof DomainError && first(await replayOf(transaction, requestId));
      throw meanwhile ? new AnsweredMeanwhile(meanwhile) : error;
    }
    const events = decision.events.map((event) => ({ ...event, id: context.newId() }));
    const claim = { command: command.name, inputHash, request: requestId };
    void ending.send({ ...CLOSE, values: [JSON.stringify(closing(context, claim, decision.output, events))] });
    kernel.jobs.enqueue(
      ending,
      events.map((event) => ({ queue: 'event', data: { tenantId: actor.tenantId, eventId: event.id } })),
    );
    return { output: decision.output, actor, replayed: false, ...(decision.shown ? { shown: decision.shown } : {}) };
  });
  try {
    const outcome = await running;
    unsettled.settle(asked);
    return outcome;
  } catch (error) {
    if (error instanceof DomainError && error.detail.unknown) unsettled.note(asked, requestId);
    if (error instanceof AnsweredMeanwhile) return error.outcome as Outcome<Out>;
    throw error;
  }
}

/** Ends a transaction without a trace, because another run of the same request committed first. */
class AnsweredMeanwhile extends Error {
  readonly outcome: Outcome<unknown>;

  constructor(outcome: Outcome<unknown>) {
    super('the same request was answered meanwhile');
    this.outcome = outcome;
  }
}

// The queue's tables are not for the roles of actors: after closing, the transaction falls back to the login role.
const CLOSE = { name: 'parley_close', text: `select parley_close($1::jsonb), set_config('role', 'none', true)` };

/** Asks the platform for a command that needs it, unless the actor may not do it or did it before. */
async function askFirst<In, Subject, Out, Asked>(
  kernel: Kernel,
  command: Command<In, Subject, Out, Asked>,
  who: Who,
  open: Parameters<typeof inTransaction>[2],
  input: In,
): Promise<Asked | undefined> {
  const isNew = await inTransaction(kernel.database, kernel.clock, open, async (transaction, opened) => {
    if (opened.replay) return false;
    await allowed(contextOf(kernel, transaction, opened, who), command, input);
    return true;
  });
  return isNew ? command.ask?.(kernel.platforms, input) : undefined;
}

/** What the command is about, when the actor may do it. */
async function allowed<In, Subject, Out, Asked>(
  context: Context,
  command: Command<In, Subject, Out, Asked>,
  input: In,
): Promise<Subject> {
  if (typeof command.assurance === 'string') requireSure(context.actor, command.assurance);
  const subject = await command.load(context, input);
  if (subject === null) throw new DomainError('not_found', 'This is not there, or not for you.');
  if (!command.policy(context.actor, subject)) throw new DomainError('forbidden', 'You may not do this.');
  if (typeof command.assurance === 'function')
    requireSure(context.actor, command.assurance(subject, input), command.about?.showing(subject as never));
  return subject;
}

async function replayOf({ sql }: Transaction, requestId: string): Promise<Opened['replay']> {
  const [row] = await sql<{ replay: Opened['replay'] }>`select parley_replay(${requestId}) as replay`;
  return row?.replay ?? null;
}

/** What an act leaves. Who did it is not said here: the database took it when the transaction opened. */
function closing(
  context: Context,
  claim: { command: string; inputHash: string; request: string },
  outcome: unknown,
  events: (Decision<unknown>['events'][number] & { id: string })[],
) {
  return {
    ...claim,
    outcome,
    at: context.now.toISOString(),
    events: events.map(({ about, ...event }) => ({
      ...event,
      auditId: context.newId(),
      entity: about.entity,
      entityId: about.id,
    })),
  };
}

/**
 * @param show the thing that it is about, as it is
 * @throws DomainError forbidden where it is not sure enough who this person is; on the pages they can sign in and go on
 */
export function requireSure(actor: Actor, least: Assurance, show?: Press): void {
  if (actor.kind !== 'person' || isSure(actor, least)) return;
  throw new DomainError(
    'forbidden',
    'This needs a surer sign of who you are. Do it in a chat in which your account is linked, or signed in to the portal.',
    { surer: true, ...(show ? { show } : {}) },
  );
}

/** @throws DomainError invalid, with one message per faulty field */
export function parseInput<In>(schema: ZodType<In>, input: unknown): In {
  const parsed = schema.safeParse(input, { error: inPlainWords });
  // What somebody wrote is cleaned by its schema; a name or an identifier with such a character is refused.
  const odd = unstorableIn(parsed.success ? parsed.data : input);
  if (parsed.success && !odd) return parsed.data;
  const fields: Record<string, string> = odd ? { [odd[0] ?? '']: 'holds a character that cannot be kept' } : {};
  for (const issue of parsed.error?.issues ?? []) fields[String(issue.path[0] ?? '')] ??= issue.message;
  throw new DomainError(
    'invalid',
    `Please check: ${Object.entries(fields)
      .map(([field, message]) => (field ? `${field}: ${message}` : message))
      .join('; ')}`,
    { fields },
  );
}
