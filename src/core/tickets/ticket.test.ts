import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AudienceActor, Person } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { approveTicket } from './approve-ticket.ts';
import { askQuestion } from './ask-question.ts';
import { declineTicket } from './decline-ticket.ts';
import './index.ts';
import { markDuplicate } from './mark-duplicate.ts';
import { progressTicket } from './progress-ticket.ts';
import { afterReply, isOpen } from './rules.ts';
import type { State, Ticket } from './schema.ts';
import { columnsOf, STATUSES, stateOf } from './schema.ts';
import { markedDuplicate, noted, progressed, ticket as thing } from './ticket.ts';

const ticket = (state: State): Ticket => ({
  id: 'b8f7d9c2-1111-4222-8333-444455556666',
  number: 12,
  clientId: 'c8f7d9c2-1111-4222-8333-444455556666',
  projectId: 'd8f7d9c2-1111-4222-8333-444455556666',
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
  reporterId: 'e8f7d9c2-1111-4222-8333-444455556666',
  reporterName: 'Rita',
  createdAt: '2026-11-21T10:00:00.000Z',
});

/** The team's room: whoever reads it is shown every button that is possible. */
const team: AudienceActor = {
  kind: 'audience',
  tenantId: 'a8f7d9c2-1111-4222-8333-444455556666',
  roomId: 'f8f7d9c2-1111-4222-8333-444455556666',
  side: 'staff',
  clientId: null,
  projectId: null,
  timezone: 'UTC',
};
const contact: Person = {
  kind: 'person',
  tenantId: team.tenantId,
  personId: team.roomId,
  name: 'Rita',
  side: 'contact',
  role: 'client_admin',
  clientId: null,
  memberships: {},
  grants: {},
  timezone: 'UTC',
  channel: 'slack',
  assurance: 'chat',
};

/** What can be done to a ticket's state; null where it is refused. */
interface Act {
  name: string;
  /** The command whose button does it. */
  button: string | null;
  after(it: Ticket): Ticket | null;
}

const context = { actor: team, now: new Date() } as Context;

type Rules = Pick<typeof approveTicket, 'name' | 'rules'>;

function acting({ name, rules }: Rules, input: Record<string, unknown>, decided?: State): Act {
  const after = (it: Ticket) => {
    if ((rules.when?.(it, team, input) ?? true) !== true) return null;
    return decided ? { ...it, state: decided } : (rules.decide?.(it, input, context) as Ticket);
  };
  return { name, after, button: name };
}

const answer: Act = {
  name: 'answer',
  button: null,
  after: (it) => {
    const after = afterReply(it, contact);
    return after === it ? null : after;
  },
};
const start: Act = { ...acting(progressTicket, { status: 'in_progress' }), name: 'start', button: null };
const resolve: Act = { ...acting(progressTicket, { status: 'resolved' }), name: 'resolve', button: null };
const decline = (reason: string) => acting(declineTicket, { reason });
const ask = (question: string) => acting(askQuestion, { question }, { status: 'needs_info', question });
const duplicate = (of: string) => acting(markDuplicate, { of }, { status: 'duplicate', of });
const approve = acting(approveTicket, {});

const words = fc.string({ minLength: 1 });
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom(approve, answer, start, resolve),
  words.map(ask),
  words.map(decline),
  fc.uuid().map(duplicate),
);

interface Step {
  before: State;
  act: Act;
  after: State | 'refused';
}

/** Lets a new ticket live through the acts; those that are not possible are refused and change nothing. */
function live(sequence: Act[]): Step[] {
  let state: State = { status: 'new' };
  return sequence.map((act) => {
    const before = state;
    const after = act.after(ticket(before));
    state = after?.state ?? state;
    return { before, act, after: after?.state ?? 'refused' };
  });
}

const lives = fc.array(acts, { maxLength: 30 }).map(live);
const forEveryStep = (check: (step: Step) => void) =>
  fc.assert(
    fc.property(lives, (steps) => {
      steps.forEach(check);
    }),
    { numRuns: 300 },
  );

describe('the states of a ticket, over random lives', () => {
  test('an act is refused exactly when its button is not shown, so that a shown button works and a hidden one does not', () => {
    forEveryStep(({ before, act, after }) => {
      if (!act.button) return;
      const shown = thing.buttons(ticket(before), team).map(({ press }) => press.target);
      expect(after !== 'refused').toBe(shown.includes(act.button));
    });
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
      if (before.status === 'resolved' && after !== 'refused') expect(act.name).toBe('start');
    });
  });

  test('an act never leaves the status as it was, except a question that follows a question', () => {
    forEveryStep(({ before, act, after }) => {
      if (after === 'refused' || act.name === 'ticket.ask') return;
      expect(after.status).not.toBe(before.status);
    });
  });

  test('an answer is only taken to a question, and brings the ticket back to triage', () => {
    forEveryStep(({ before, act, after }) => {
      if (act.name !== 'answer') return;
      expect(after).toEqual(before.status === 'needs_info' ? { status: 'new' } : 'refused');
    });
  });

  test('work starts from everything that is not decided against, and again on what was resolved', () => {
    forEveryStep(({ before, act, after }) => {
      if (act.name !== 'start') return;
      const from = ['new', 'needs_info', 'approved', 'resolved'].includes(before.status);
      expect(after).toEqual(from ? { status: 'in_progress' } : 'refused');
    });
  });

  test('every status is reached', () => {
    const each = [
      approve,
      answer,
      start,
      resolve,
      ask('Which browser?'),
      decline('Out of scope'),
      duplicate('another'),
    ];
    const reached = new Set<State['status']>();
    const explore = (state: State) => {
      for (const act of each) {
        const after = act.after(ticket(state))?.state;
        if (!after || reached.has(after.status)) continue;
        reached.add(after.status);
        explore(after);
      }
    };
    explore({ status: 'new' });
    expect([...reached].sort()).toEqual([...STATUSES].sort());
  });
});

test('a refusal says where the ticket stands and shows it', async () => {
  const refused = (one: typeof approveTicket, state: State, input: object = {}) =>
    one
      .handle(context, { ticket: ticket(state).id, version: 1, ...input }, ticket(state), null)
      .catch((error) => error);

  expect(await refused(approveTicket, { status: 'approved' })).toMatchObject({
    code: 'conflict',
    say: '#12 is approved already.',
    detail: { show: { target: 'ticket.show', input: { ticket: ticket({ status: 'new' }).id } } },
  });
  expect(await refused(progressTicket, { status: 'resolved' }, { status: 'resolved' })).toMatchObject({
    say: '#12 is resolved already.',
  });
  expect(await refused(declineTicket, { status: 'resolved' }, { reason: 'No' })).toMatchObject({
    say: '#12 is resolved: this is not possible now.',
  });
  expect(await refused(askQuestion, { status: 'approved' }, { question: 'Why?' })).toMatchObject({
    say: '#12 is approved: write a reply instead of a question.',
  });
});

test('what can still be taken on is what is open', () => {
  const taken = STATUSES.filter((status) => {
    const buttons = thing.buttons(ticket(stateOf({ status, statusNote: 'x', duplicateOf: 'y' })), team);
    return buttons.some(({ press }) => press.target === 'ticket.take');
  });
  expect(taken).toEqual(STATUSES.filter((status) => isOpen({ state: { status } as State })));
  expect(taken).toEqual(['new', 'needs_info', 'approved', 'in_progress']);
});

describe('what an event keeps', () => {
  test('the audit row gets what is different, the event the whole ticket', () => {
    const before = ticket({ status: 'new' });
    const original = ticket({ status: 'new' }).id;
    const after: Ticket = { ...before, version: 2, state: { status: 'duplicate', of: original } };

    const event = markedDuplicate.of(before, after, { original: 7 });

    expect(event.before).toEqual({ status: 'new', duplicateOf: null, version: 1 });
    expect(event.after).toEqual({ status: 'duplicate', duplicateOf: original, version: 2 });
    expect(event.data).toMatchObject({
      kind: 'bug',
      number: 12,
      status: 'duplicate',
      reporterName: 'Rita',
      original: 7,
    });
  });

  test('what does not fit what is said of an event is not stored', () => {
    const one = ticket({ status: 'new' });
    expect(() => markedDuplicate.of(one, one, { original: '7' as never })).toThrow(/original/);
  });

  test('is told in words behind the name of who did it', () => {
    const data = thing.factsOf(ticket({ status: 'in_progress' }));
    expect(progressed.says(data)).toBe('set it to in progress');
    expect(markedDuplicate.says({ ...data, original: 7 })).toBe('marked it as a duplicate of #7');
    expect(noted.says({ ...data } as never)).toBe('left a note');
  });
});
