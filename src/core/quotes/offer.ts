import { standingOf, turnOf } from '../approvals/index.ts';
import { dayText, endOfDay } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { tickedOf } from '../kernel/ticks.ts';
import type { Content, Line } from './content.ts';
import { priceOf } from './price.ts';
import type { Acceptance, By, Quote } from './schema.ts';
import { signatureOf } from './schema.ts';
import { called, expiredText, refusal, shown, standingText } from './wording.ts';

/*
 * Offering and answering, as pure decisions: the quote as it is and what somebody wants → the quote as it becomes, or a
 * DomainError. They promise, whoever asks in whatever order:
 *  - what was sent is never changed: another offer is another quote;
 *  - an acceptance is of exactly the content whose hash it carries, with options that it has;
 *  - it is accepted once as many of the client's approvers have signed that very content, with the very same options, as its rule
 *    asks for, in its order, each counted once;
 *  - nothing is accepted after the end of its last day, whether or not somebody noted that it is over;
 *  - what has ended stays as it ended: nothing is accepted twice, or after it was declined.
 */

/** A scope that a line names, as it is now. */
export interface Scope {
  id: string;
  projectId: string;
  name: string;
  hash: string;
}

/** The client gets to see it. From now on it stays as it is, scopes of cycles included. */
export function send(quote: Quote, scopes: readonly Scope[], by: By, now: Date): Quote {
  if (quote.state.status !== 'draft') throw refusal(quote, `${called(quote)} was sent already.`);
  const content = { ...quote.content, lines: quote.content.lines.map((line) => withScope(quote, line, scopes)) };
  const expiresAt = endOfDay(content.expiresOn, quote.timezone);
  requireSendable(quote, content);
  if (expiresAt <= now)
    throw refusal(quote, `${dayText(content.expiresOn)} is over. Give it a later last day under “Terms”.`);
  const sent = { ...signatureOf(by, now), expiresAt };
  return { ...quote, content, hash: fingerprint(content), state: { status: 'sent', sent } };
}

function withScope(quote: Quote, line: Content['lines'][number], scopes: readonly Scope[]) {
  if (!line.cycle) return line;
  const scope = scopes.find(({ id }) => id === line.cycle?.id);
  if (!scope || scope.projectId !== quote.projectId)
    throw refusal(quote, `Line ${line.number} names a cycle that is not in the project. Change the line.`);
  return { ...line, cycle: { id: scope.id, name: scope.name, hash: scope.hash } };
}

function requireSendable(quote: Quote, content: Content): void {
  const { sums, deposit } = priceOf(content, []);
  if (!content.lines.length) throw refusal(quote, 'It has no lines yet. Add what you offer.');
  if (sums.some(({ gross }) => gross < 0)) throw refusal(quote, 'It comes to less than nothing. Check its prices.');
  if (deposit > (sums[0]?.gross ?? 0))
    throw refusal(quote, 'The deposit is more than what is billed once. Change it under “Terms”.');
}

/**
 * The yes of one of the client's approvers. The first one chooses the options; whoever comes after signs the same. With enough of
 * them it is accepted, before that it is offered on.
 */
export function accept(
  quote: Quote,
  wish: { hash: string; take: readonly string[] },
  scopes: readonly Scope[],
  by: By,
  now: Date,
): Quote {
  const { state } = quote;
  if (state.status !== 'sent') throw refusal(quote, standingText(quote));
  if (now >= state.sent.expiresAt) throw refusal(quote, expiredText(quote));
  const taken = readChoice(quote, wish);
  requireSameScopes(quote, taken, scopes);
  const signature: Acceptance = { ...signatureOf(by, now), hash: quote.hash, taken };
  requireTurn(quote, signature.personId);
  return settle({ ...quote, signed: [...quote.signed, signature] }, scopes, now);
}

/** Accepted, where enough have signed it; else as it is. */
export function settle(quote: Quote, scopes: readonly Scope[], now: Date): Quote {
  const { state, signed } = quote;
  const last = signed.at(-1);
  if (state.status !== 'sent' || !last || now >= state.sent.expiresAt) return quote;
  if (!standingOf(quote.approvers, signersOf(quote)).isEnough) return quote;
  requireSameScopes(quote, last.taken, scopes);
  return { ...quote, state: { status: 'accepted', sent: state.sent, acceptance: last } };
}

/** What a press says in place of the options: those of whoever accepted first. As short as a button needs it. */
export const AS_CHOSEN = 'ok';

/** What is signed after the first acceptance: the content with the options that were chosen then. */
export function chosenHash({ hash, signed: [first] }: Pick<Quote, 'hash' | 'signed'>): string | null {
  return first ? fingerprint({ content: hash, taken: first.taken }) : null;
}

/** Who of the client has signed it. */
export function signersOf({ signed }: Pick<Quote, 'signed'>): string[] {
  return signed.map(({ personId }) => personId);
}

/** The options that are taken with this very press. @throws DomainError stale where they, or the content, are not what stands */
function readChoice(quote: Quote, { hash, take }: { hash: string; take: readonly string[] }): number[] {
  const [first] = quote.signed;
  const chosen = chosenHash(quote);
  if (hash !== quote.hash && hash !== chosen)
    throw new DomainError('stale', `This is not what ${called(quote)} offers. Nothing was accepted.`, {
      changes: [`${called(quote)} is what it was when it was sent; the press is of something else`],
      show: shown(quote),
    });
  if (first && hash === chosen && take.length === 1 && take[0] === AS_CHOSEN) return first.taken;
  const taken = readTaken(quote.content, take);
  if (first && fingerprint(taken) !== fingerprint(first.taken)) throw otherOptions(quote, first, taken);
  return taken;
}

function otherOptions(quote: Quote, { byName, taken }: Acceptance, wanted: readonly number[]): DomainError {
  const text = (numbers: readonly number[]) =>
    optionsIn(quote.content)
      .filter(({ number }) => numbers.includes(number))
      .map((one) => `${one.number}. ${one.text}`)
      .join(', ') || 'no options';
  return new DomainError('stale', `${byName} accepted ${called(quote)} with other options. Nothing was accepted.`, {
    changes: [
      `${byName} took ${text(taken)}; you took ${text(wanted)}`,
      `Accept it as ${byName} did, or decline it and say what you would take: ${quote.firmName} can offer it anew`,
    ],
    show: shown(quote),
  });
}

/** @throws DomainError conflict for whoever may not accept it now, with whose turn it is */
function requireTurn(quote: Quote, personId: string): void {
  const signed = signersOf(quote);
  const turn = turnOf(standingOf(quote.approvers, signed), signed, personId, 'accept');
  if (turn !== true) throw refusal(quote, `You cannot accept ${called(quote)} now: ${turn}.`);
}

/** Whoever accepts a cycle accepts the scope that was sent. @throws DomainError stale where it is another one by now */
function requireSameScopes(quote: Quote, taken: readonly number[], scopes: readonly Scope[]): void {
  const moved = cyclesOf(quote.content, taken).filter(
    ({ id, hash }) => scopes.find((scope) => scope.id === id)?.hash !== hash,
  );
  if (moved.length)
    throw new DomainError('stale', `Nothing was accepted. ${quote.firmName} has to send the quote anew.`, {
      changes: moved.map(({ name }) => `The scope of ${name} changed after the quote was sent`),
      show: shown(quote),
    });
}

/** The client's no. */
export function decline(quote: Quote, reason: string, by: By, now: Date): Quote {
  const { state } = quote;
  if (state.status !== 'sent') throw refusal(quote, standingText(quote));
  if (now >= state.sent.expiresAt) throw refusal(quote, expiredText(quote));
  return { ...quote, state: { status: 'declined', sent: state.sent, ended: { byName: by.name, at: now }, reason } };
}

/** The firm takes it back. */
export function withdraw(quote: Quote, by: By, now: Date): Quote {
  if (quote.state.status !== 'sent') throw refusal(quote, standingText(quote));
  return { ...quote, state: { status: 'withdrawn', sent: quote.state.sent, ended: { byName: by.name, at: now } } };
}

/** Its last day is over. */
export function expire(quote: Quote, by: By, now: Date): Quote {
  const { state } = quote;
  if (state.status !== 'sent') throw refusal(quote, standingText(quote));
  if (now < state.sent.expiresAt) throw refusal(quote, `${called(quote)} can still be accepted.`);
  return { ...quote, state: { status: 'expired', sent: state.sent, ended: { byName: by.name, at: now } } };
}

/** Another one is sent in its place. Where the client has answered meanwhile, there is nothing left to replace. */
export function supersede(quote: Quote, next: Pick<Quote, 'id'>, by: By, now: Date): Quote {
  const { state } = quote;
  if (state.status === 'accepted')
    throw refusal(quote, `${called(quote)} was accepted meanwhile. Copy it again to offer something beside it.`);
  if (state.status !== 'sent') return quote;
  const ended = { byName: by.name, at: now };
  return { ...quote, state: { status: 'superseded', sent: state.sent, ended, by: next.id } };
}

/** The scopes that are agreed on with the lines that are taken. */
export function cyclesOf(
  { lines }: Content,
  taken: readonly number[],
): NonNullable<Content['lines'][number]['cycle']>[] {
  const agreed = lines.flatMap(({ number, optional, cycle }) =>
    cycle && (!optional || taken.includes(number)) ? [cycle] : [],
  );
  return [...new Map(agreed.map((cycle) => [cycle.id, cycle])).values()];
}

/** What the client chooses from. */
export function optionsIn({ lines }: Content): Line[] {
  return lines.filter(({ optional }) => optional);
}

/** Which options are taken. @throws DomainError invalid, beside the field, for one that there is not */
export function readTaken(content: Content, take: readonly string[]): number[] {
  const numbers = optionsIn(content).map(({ number }) => String(number));
  return tickedOf('take', take, numbers).map(Number);
}
