import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import { columnsOf, fact, inWords, stateOf } from './history.ts';
import type { Act, State, Ticket } from './ticket.ts';
import { decide, EVENTS, fits, OPEN, STATUSES } from './ticket.ts';

const ticket = (state: State): Ticket => ({
  id: 'b8f7d9c2-1111-4222-8333-444455556666',
  number: 12,
  clientId: 'c',
  projectId: 'p',
  kind: 'bug',
  state,
  version: 1,
  title: 'The pay button does nothing',
  description: 'Nothing happens.',
  expected: null,
  steps: null,
  links: [],
  priority: 'normal',
  category: null,
  dueOn: null,
  nextAction: null,
  ownerId: null,
  ownerName: null,
  reporterId: 'r',
  reporterName: 'Rita',
  createdAt: '2026-11-21T10:00:00.000Z',
});

const words = fc.string({ minLength: 1 });
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom('approve' as const, 'answer' as const, 'start' as const, 'resolve' as const).map((act) => ({ act })),
  words.map((question) => ({ act: 'ask' as const, question })),
  words.map((reason) => ({ act: 'decline' as const, reason })),
  fc.uuid().map((of) => ({ act: 'mark-duplicate' as const, of })),
);

/** Lets a new ticket live through the acts; those that do not fit are refused and change nothing. */
function live(sequence: Act[]): { before: State; act: Act; after: State | 'refused' }[] {
  let state: State = { status: 'new' };
  return sequence.map((act) => {
    const before = state;
    try {
      state = decide(ticket(before), act);
      return { before, act, after: state };
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'conflict') throw error;
      return { before, act, after: 'refused' };
    }
  });
}

const lives = fc.array(acts, { maxLength: 30 }).map(live);
const forEveryStep = (check: (step: ReturnType<typeof live>[number]) => void) =>
  fc.assert(
    fc.property(lives, (steps) => {
      steps.forEach(check);
    }),
    { numRuns: 300 },
  );

describe('the states of a ticket, over random lives', () => {
  test('an act is refused exactly when it does not fit, so that a shown button works and a hidden one does not', () => {
    forEveryStep(({ before, act, after }) => expect(after !== 'refused').toBe(fits(before.status, act.act)));
  });

  test('every state is its columns and back, and only a duplicate points at another ticket', () => {
    forEveryStep(({ after }) => {
      if (after === 'refused') return;
      const columns = columnsOf(after);
      expect(stateOf(columns)).toEqual(after);
      expect(columns.duplicateOf !== null).toBe(after.status === 'duplicate');
      expect(columns.statusNote !== null).toBe(after.status === 'needs_info' || after.status === 'declined');
    });
  });

  test('nothing leaves declined or duplicate, and resolved is only left by starting again', () => {
    forEveryStep(({ before, act, after }) => {
      if (before.status === 'declined' || before.status === 'duplicate') expect(after).toBe('refused');
      if (before.status === 'resolved' && after !== 'refused') expect(act.act).toBe('start');
    });
  });

  test('an act never leaves the status as it was, except a question that follows a question', () => {
    forEveryStep(({ before, act, after }) => {
      if (after === 'refused' || act.act === 'ask') return;
      expect(after.status).not.toBe(before.status);
    });
  });

  test('an answer is only taken to a question, and brings the ticket back to triage', () => {
    forEveryStep(({ before, act, after }) => {
      if (act.act !== 'answer') return;
      expect(after).toEqual(before.status === 'needs_info' ? { status: 'new' } : 'refused');
    });
  });

  test('every status is reached', () => {
    const each: Act[] = [
      ...(['approve', 'answer', 'start', 'resolve'] as const).map((act) => ({ act })),
      { act: 'ask', question: 'Which browser?' },
      { act: 'decline', reason: 'Out of scope' },
      { act: 'mark-duplicate', of: 'another' },
    ];
    const reached = new Set<State['status']>();
    const explore = (state: State) => {
      for (const act of each.filter((one) => fits(state.status, one.act))) {
        const after = decide(ticket(state), act);
        if (reached.has(after.status)) continue;
        reached.add(after.status);
        explore(after);
      }
    };
    explore({ status: 'new' });
    expect([...reached].sort()).toEqual([...STATUSES].sort());
  });
});

test('a refusal says where the ticket stands and shows it', () => {
  const refused = (state: State, act: Act) => {
    try {
      decide(ticket(state), act);
    } catch (error) {
      return error;
    }
    return null;
  };
  expect(refused({ status: 'approved' }, { act: 'approve' })).toMatchObject({
    code: 'conflict',
    say: '#12 is approved already.',
    detail: { show: { target: 'ticket.show', input: { ticket: ticket({ status: 'new' }).id } } },
  });
  expect(refused({ status: 'declined', reason: 'no' }, { act: 'start' })).toMatchObject({
    say: '#12 is declined: work on it cannot start.',
  });
});

test('what can still be taken on is what is open', () => {
  expect(STATUSES.filter((status) => fits(status, 'take'))).toEqual([...OPEN]);
});

describe('what an event keeps', () => {
  test('the audit row gets what is different, the event the whole ticket', () => {
    const before = ticket({ status: 'new' });
    const after: Ticket = { ...before, version: 2, state: { status: 'declined', reason: 'Out of scope' } };

    const event = fact(EVENTS.declined, before, after, { more: 1 });

    expect(event.before).toEqual({ status: 'new', statusNote: null, version: 1 });
    expect(event.after).toEqual({ status: 'declined', statusNote: 'Out of scope', version: 2 });
    expect(event.data).toMatchObject({ kind: 'bug', number: 12, status: 'declined', reporterName: 'Rita', more: 1 });
  });

  test('every kind of event can be told in words', () => {
    const data = { statusNote: 'Which browser?', status: 'in_progress', original: 7 };
    const told = Object.values(EVENTS).map((name) => inWords({ name, by: 'Ada', data }));
    expect(told).toEqual([
      'Ada filed it',
      'Ada approved it',
      'Ada declined it: Which browser?',
      'Ada asked: Which browser?',
      'Ada marked it as a duplicate of #7',
      'Ada took it on',
      'Ada left a note',
      'Ada replied',
      'Ada set it to in progress',
      'Ada changed its details',
    ]);
  });
});
