import { dayText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Quote, Status } from './schema.ts';

/** Inside a sentence: "Q-12 is …". */
export const SAYS: Readonly<Record<Status, string>> = {
  draft: 'a draft',
  sent: 'sent',
  accepted: 'accepted',
  declined: 'declined',
  expired: 'expired',
  superseded: 'superseded',
  withdrawn: 'withdrawn',
};

/** "Q-12" */
export function called({ number }: Pick<Quote, 'number'>): string {
  return `Q-${number}`;
}

export function shown({ id }: Pick<Quote, 'id'>) {
  return { target: 'quote.show', input: { quote: id } };
}

export function refusal(quote: Quote, say: string): DomainError {
  return new DomainError('conflict', say, { show: shown(quote) });
}

export function expiredText(quote: Quote): string {
  return `${called(quote)} was valid until the end of ${dayText(quote.content.expiresOn)} (${quote.timezone}). Ask ${quote.firmName} for a new one.`;
}

/** How it stands, as a sentence. */
export function standingText(quote: Quote): string {
  const { state } = quote;
  switch (state.status) {
    case 'draft':
      return `${called(quote)} was not sent yet.`;
    case 'sent':
      return `${called(quote)} waits for an answer.`;
    case 'accepted':
      return `${state.acceptance.byName} accepted ${called(quote)} already.`;
    case 'declined':
      return `${state.ended.byName} declined ${called(quote)}. Ask for a new one.`;
    case 'expired':
      return expiredText(quote);
    case 'withdrawn':
      return `${quote.firmName} took ${called(quote)} back.`;
    case 'superseded':
      return `Another quote was sent in place of ${called(quote)}.`;
  }
}
