import { z } from 'zod';
import { mayApproveNow, standingOf, stillText, turnCameTo } from '../approvals/index.ts';
import { scopesOf } from '../cycles/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { several } from '../kernel/field.ts';
import { moneyText } from '../kernel/money.ts';
import type { Handled } from '../kernel/thing-command.ts';
import type { Content, Line } from './content.ts';
import { diffContent, lineText } from './content.ts';
import { AS_CHOSEN, chosenHash, cyclesOf, accept as decide, optionsIn, signersOf } from './offer.ts';
import type { Price } from './price.ts';
import { priceOf } from './price.ts';
import { readQuote } from './queries.ts';
import { accepted, cycleAgreed, depositDue, quote, recurringAgreed, signed, turnCame } from './quote.ts';
import { isSent, mayAnswer } from './rules.ts';
import type { AcceptedQuote, Quote } from './schema.ts';
import { byOf } from './schema.ts';
import { sureFor } from './sure.ts';
import { called, shown } from './wording.ts';
import { insertAcceptance, insertSignatures, writeQuote } from './write.ts';

const hasOptions = ({ content }: Quote): boolean => optionsIn(content).length > 0;
const isFirst = (it: Quote): boolean => isSent(it) && it.signed.length === 0;

/**
 * An approver of the client accepts what was on the screen, named by its hash, with the options that they tick. Where several must,
 * the others sign the same with the same options: the hash that their button brings is of both.
 */
export const acceptQuote = quote.command({
  name: 'quote.accept',
  fields: {
    // By their numbers. To take none of them is an answer as well; by mail it must be written, like any other.
    take: several({ label: 'Which options do you take?', hint: 'Without any you take only what is fixed.' }),
  },
  given: { hash: z.string().regex(/^[\w-]{43}$/, 'is not a hash of ours') },
  // The hash says what is accepted, and what was sent never changes.
  version: 'optional',
  button: [
    { label: 'Accept', style: 'primary', gives: ({ hash }) => ({ hash }), when: (it) => isFirst(it) && hasOptions(it) },
    // Nothing is to be chosen: the press says all.
    {
      label: 'Accept',
      style: 'primary',
      gives: ({ hash }) => ({ hash, take: 'no' }),
      when: (it) => isFirst(it) && !hasOptions(it),
    },
    // What somebody of the client has chosen already.
    {
      label: 'Accept too',
      style: 'primary',
      gives: (it) => ({ hash: chosenHash(it) ?? it.hash, take: AS_CHOSEN }),
      when: (it) => isSent(it) && it.signed.length > 0,
    },
  ],
  rank: 1,
  signs: true,
  form: (it) => ({
    ...{ title: `Accept ${called(it)}`, lead: optionsText(it.content), submit: 'Accept' },
    ...(it.signed[0] ? { values: { take: it.signed[0].taken.join(',') } } : {}),
    choices: {
      take: optionsIn(it.content).map(({ number, text }) => ({ value: `${number}`, label: `${number}. ${text}` })),
    },
  }),
  assurance: (it, input) => sureFor(it, input?.take),
  who: mayAnswer,
  // Whoever presses on one that was replaced is told what changed, by the command itself.
  when: (it, actor, input) => it.state.status === 'superseded' || (isSent(it) && (input ? true : isTurn(it, actor))),
  handle: async (context, { hash, take }, it) => {
    const { actor, now } = context;
    if (it.state.status === 'superseded') throw await replaced(context, it, it.state.by);
    const scopes = it.projectId ? await scopesOf(context, it.projectId) : [];
    const after = { ...decide(it, { hash, take }, scopes, byOf(actor), now), version: it.version + 1 };
    await insertSignatures(context, it, after);
    return isAccepted(after) ? noteAccepted(context, it, after) : noteSigned(context, it, after);
  },
});

function isTurn(it: Quote, actor: Actor): true | string {
  return mayApproveNow(it.approvers, signersOf(it), actor, 'accept');
}

function isAccepted(it: Quote): it is AcceptedQuote {
  return it.state.status === 'accepted';
}

/** Others must accept it too. */
async function noteSigned(context: Context, it: Quote, after: Quote): Promise<Handled<Quote>> {
  await writeQuote(context, it, after);
  const standing = standingOf(after.approvers, signersOf(after));
  const { taken = [] } = after.signed[0] ?? {};
  const people = turnCameTo(standingOf(it.approvers, signersOf(it)), standing);
  return {
    events: [
      signed.of(it, after, { taken, lacking: standing.lacking }),
      ...(people.length ? [turnCame.of(it, after, { people })] : []),
    ],
    after,
    say: `Your acceptance of ${called(after)} is recorded. Still to accept: ${stillText(standing)}.`,
  };
}

/** It is accepted, by the last signature that it takes or because no more are asked for. */
export async function noteAccepted(context: Context, it: Quote, after: AcceptedQuote): Promise<Handled<Quote>> {
  await insertAcceptance(context, after);
  await writeQuote(context, it, after);
  const { taken } = after.state.acceptance;
  const price = priceOf(after.content, taken);
  const gross = price.sums[0]?.gross ?? 0;
  return {
    events: [accepted.of(it, after, { gross, taken }), ...followUps(after, price)],
    after,
    say: acceptedText(after, price),
  };
}

/** What the client is asked to choose from, with the number of each. */
function optionsText(content: Content): string {
  const text = (one: Line) => `${one.number}. ${one.text}: ${lineText(one, content.currency)}`;
  return optionsIn(content).map(text).join('\n');
}

function acceptedText(quote: AcceptedQuote, { sums, deposit }: Price): string {
  const text = (amount = 0) => moneyText({ amount: BigInt(amount), currency: quote.content.currency });
  const due = deposit ? ` The deposit is ${text(deposit)}.` : '';
  return `${called(quote)} is accepted: ${text(sums[0]?.gross)}, tax included.${due} Thank you!`;
}

/** What follows: the deposit is owed, what comes again is billed again, and each side has agreed to the cycles that are named. */
function followUps(quote: AcceptedQuote, { deposit, sums }: Price): NewEvent[] {
  const { sent, acceptance } = quote.state;
  const before = quote.signed.slice(0, -1).map(({ personId, byName, channel, assurance }) => ({
    ...{ signer: personId, name: byName, through: channel, assurance },
  }));
  const others = before.length ? { before } : {};
  const sides = [
    { side: 'firm', ...sent },
    { side: 'client', ...acceptance },
  ] as const;
  const agreed = cyclesOf(quote.content, acceptance.taken).flatMap(({ id, hash }) =>
    sides.map(({ side, personId, byName, channel, assurance }) => {
      const signer = { signer: personId, byName, through: channel, assurance };
      const more = side === 'client' ? others : {};
      return cycleAgreed.of(quote, quote, { cycle: id, scope: hash, side, ...signer, ...more });
    }),
  );
  const again = sums.flatMap(({ every }) => (every === 'once' ? [] : [recurringAgreed.of(quote, quote, { every })]));
  return [...(deposit ? [depositDue.of(quote, quote, { deposit })] : []), ...again, ...agreed];
}

/** What is different in the quote that was sent in its place, as far as the actor may see it. */
async function replaced(context: Context, it: Quote, by: string): Promise<DomainError> {
  const next = await readQuote(context, by);
  return new DomainError('stale', `Another quote was sent in place of ${called(it)}. Nothing was accepted.`, {
    changes: next ? [`${called(next)} stands in its place`, ...diffContent(it.content, next.content)] : [],
    show: shown(next ?? it),
  });
}
