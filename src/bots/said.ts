import type { Answer } from '../core/kernel/answer.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Worked } from '../core/kernel/inbox.ts';
import { Undeliverable } from './channel.ts';

/** Words that were not taken down, and why: the author is to link first, or the answer says what is wrong. */
export type NotTaken = Exclude<Answer, { kind: 'done' }>;

/**
 * What became of words in a chat that may be an answer to a card.
 * @param where what they are not in, where they belong to no card: "in the thread of a card of ours"
 * @param tell says to their author that they were not taken; where that cannot arrive, the outcome says so
 * @throws DomainError unavailable, to be tried again
 */
export async function workedAs(
  answer: Answer | { kind: 'unmatched' },
  where: string,
  tell: (answer: NotTaken) => Promise<unknown>,
): Promise<Worked> {
  switch (answer.kind) {
    case 'done':
      return { status: 'applied', outcome: 'taken as an answer to the card above it' };
    case 'unmatched':
      return { status: 'applied', outcome: `left alone: it is not ${where}` };
    case 'form':
    case 'card':
    case 'not-linked':
      return told(() => tell(answer), {
        status: 'applied',
        outcome: 'not taken: its author is not linked and was asked to link',
      });
    case 'refused':
      if (answer.code === 'unavailable') throw new DomainError('unavailable', answer.say);
      return told(() => tell(answer), { status: 'quarantined', outcome: answer.say });
    case 'invalid':
    case 'stale':
      return told(() => tell(answer), { status: 'quarantined', outcome: answer.say });
  }
}

async function told(tell: () => Promise<unknown>, worked: Worked): Promise<Worked> {
  try {
    await tell();
    return worked;
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error;
    return { ...worked, outcome: `${worked.outcome} (they could not be told: ${error.message})` };
  }
}
