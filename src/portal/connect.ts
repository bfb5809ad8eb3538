import type { Proof } from '../core/kernel/account-form.ts';
import type { Who } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import { storedConnection } from '../core/kernel/connection.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { awaitProof, connectProven } from '../core/kernel/proven.ts';
import type { Reader } from './link.ts';
import { cardBeside, cardFor, outcomeOf } from './link.ts';
import { noticeHtml } from './page.ts';
import type { Portal } from './portal.ts';
import type { Sent } from './seal.ts';
import type { Shown } from './show.ts';

/** The view whose form connects an account. */
export const CONNECT = 'connection.new';

/**
 * Connects an account with what was typed into the form of its tool. It is tried there first, and sealed before it becomes part
 * of any command: no secret of it is kept otherwise, shown again, or written into a log.
 */
export async function connectAccount(portal: Portal, reader: Reader, sent: Sent): Promise<Shown> {
  const { app } = portal;
  const { person, who } = reader;
  const form = await cardFor(app, who, sent.press);
  if (!form) return refused(new DomainError('forbidden', 'This is for administrators.'), sent, null);
  const requestId = reader.requestId(sent.press, sent.once);
  try {
    const before = await outcome(app, person, requestId);
    if (before) return { ...AGAIN, card: before };
    if (!portal.rate.allowsTrying(person.tenantId, app.clock.now().getTime()))
      throw new DomainError('rate_limited', 'That were many tries. Please wait a minute, then try again.');
    return await connect(portal, reader, sent, requestId);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
    // Pressed twice: the first press may have connected it meanwhile.
    const meanwhile = await outcome(app, person, requestId);
    return meanwhile ? { ...AGAIN, card: meanwhile } : refused(error, sent, form);
  }
}

async function connect({ app }: Portal, reader: Reader, sent: Sent, requestId: string): Promise<Shown> {
  const { tool = '', connection } = sent.press.input;
  const typed = Object.fromEntries(Object.entries(sent.typed).map(([name, text]) => [name, text.trim()]));
  const proof = await app.platforms.prove?.(tool, typed, reader.person.tenantId);
  if (!proof) throw new DomainError('not_found', 'Nothing is connected here by typing.');
  if (connection) await requireSame({ app }, reader, tool, proof, connection);
  const fields = app.platforms.asks?.(tool)?.fields ?? {};
  const open = Object.fromEntries(
    Object.entries(typed).filter(([name]) => fields[name] && !fields[name].meta()?.secret),
  );
  const { told = [], waits, ...account } = proof;
  const given = { tool, ...account, settings: { typed: open } };
  const who = reader.who as Extract<Who, { kind: 'person' }>;
  if (waits) {
    const { id, card } = await awaitProof(app, who, given, requestId);
    const view = { target: 'connection.proof', input: { waiting: id } };
    return { status: 200, notice: null, card: (await cardBeside(app, who, view)) ?? card, view };
  }
  const { id, card } = await connectProven(app, who, given, requestId);
  const below = await cardBeside(app, reader.who, { target: 'connection.show', input: { connection: id } });
  return { status: 200, notice: null, card: { ...card, blocks: told }, view: null, below };
}

/** Another account is not put in the place of one that is reconnected. */
async function requireSame(
  { app }: Pick<Portal, 'app'>,
  { person }: Reader,
  tool: string,
  { account }: Proof,
  connection: string,
): Promise<void> {
  const stored = await storedConnection(app, person.tenantId, tool, { account });
  if (stored?.id !== connection)
    throw new DomainError(
      'conflict',
      `This works, but it is for ${account}, which is another account than the one to be reconnected. To connect both, use “Connect a tool”.`,
    );
}

/** What came of the same press before: the account was connected, or waits for its proof. */
async function outcome(app: Portal['app'], person: Reader['person'], requestId: string): Promise<Card | null> {
  return (
    (await outcomeOf(app, person, requestId, 'connection.add')) ??
    (await outcomeOf(app, person, requestId, 'connection.begin-proof'))
  );
}

const AGAIN: Omit<Shown, 'card'> = {
  status: 200,
  notice: noticeHtml('good', 'This was done already', ['Nothing happened a second time.']),
  view: null,
};

/** The form again, with what is wrong beside its field. What is secret is typed anew. */
function refused(error: DomainError, { press, typed }: Sent, form: Shown['card']): Shown {
  const { fields } = error.detail;
  const say = fields ? 'Please look at the marked fields. Nothing was kept; type what is secret once more.' : error.say;
  return {
    status: fields ? 422 : error.code === 'rate_limited' ? 429 : 409,
    notice: noticeHtml('danger', 'Nothing was connected', [say], form === null),
    card: form,
    view: press,
    typed,
    ...(fields ? { faults: fields } : {}),
  };
}
