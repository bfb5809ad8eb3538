import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../core/kernel/errors.ts';
import { ledger } from '../../core/kernel/inbox.ts';
import type { JiraHub } from '../../testing/jira-hub.ts';
import { startJiraHub } from '../../testing/jira-hub.ts';
import { textOf } from './adf.ts';
import { readSettings } from './map.ts';
import { meaningOf } from './status.ts';

/** Something that people or networks do. */
type Act =
  | { do: 'progress'; to: 'in_progress' | 'resolved' }
  | { do: 'decline' }
  | { do: 'say'; as: 'team' | 'client' | 'note' }
  | { do: 'move'; to: string }
  | { do: 'comment'; to: 'client' | 'team' }
  | { do: 'resend'; count: number }
  | { do: 'lose' }
  | { do: 'hold' }
  | { do: 'release'; order: number }
  | { do: 'lose the answer'; of: 'transition' | 'comment' | 'issue' }
  | { do: 'work'; turns: number; seed: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('progress' as const),
      to: fc.constantFrom('in_progress' as const, 'resolved' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('move' as const), to: fc.constantFrom('In Progress', 'In Review', 'Done') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      turns: fc.integer({ min: 1, max: 6 }),
      seed: fc.nat(999),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      as: fc.constantFrom('team' as const, 'client' as const, 'note' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('comment' as const),
      to: fc.constantFrom('client' as const, 'team' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resend' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ do: 'hold' }, { do: 'lose' }, { do: 'decline' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), order: fc.nat(99) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lose the answer' as const),
      of: fc.constantFrom('transition' as const, 'comment' as const, 'issue' as const),
    }),
  },
);

let hub: JiraHub;

beforeAll(async () => {
  hub = await startJiraHub();
});
afterAll(() => hub.close());

test('whatever people and networks do on both sides, it ends with both sides equal, everything said once, and silence', async () => {
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), play), {
    numRuns: Number(process.env.LOOP_RUNS ?? 15),
  });
}, 900_000);

async function play(acts: Act[]): Promise<void> {
  // given
  const ticket = await hub.approved();
  await hub.settle();
  const { id: issueId = '', key = '' } = hub.jira.issues().at(-1) ?? {};
  const callsBefore = hub.jira.calls.length;
  const expected = { messages: [] as string[], comments: [] as string[] };
  let moves = 0;

  // when
  for (const [index, one] of acts.entries()) moves += await perform(one, index, ticket, key, expected);
  hub.jira.webhooks.release();
  await hub.settle({ together: 2 });
  // What was lost is found by looking.
  await hub.reconcile();
  await hub.settle();

  // then both sides tell the same
  const issue = hub.jira.issue(issueId);
  const [row] = await hub.query('select status from ticket where id = $1', [ticket]);
  expect(await agree(String(row?.status) as 'declined', issue.status)).toBe(true);
  // everything that was said is on both sides, once, and what is internal nowhere else
  const said = await hub.query('select body, internal from ticket_message where ticket_id = $1', [ticket]);
  expect(said.map(({ body, internal }) => `${internal ? 'note' : 'reply'}: ${String(body)}`).sort()).toEqual(
    expected.messages.sort(),
  );
  expect(issue.comments.map(({ body }) => textOf(body)).sort()).toEqual(expected.comments.sort());
  // every webhook is accounted for
  const [line] = await ledger(hub.app, hub.firm.tenantId);
  expect(line).toMatchObject({
    waiting: 0,
    received: Number(line?.applied) + Number(line?.duplicate) + Number(line?.quarantined),
  });
  // nobody asked Jira more than a few times for each thing that happened
  const calls = hub.jira.calls.slice(callsBefore).filter(({ path }) => path.includes(`/issue/${issueId}`));
  expect(calls.filter(({ route, status }) => route === 'transition' && status === 204).length).toBeLessThanOrEqual(
    moves,
  );
  expect(calls.length).toBeLessThanOrEqual(6 * acts.length + 10);

  // and when all webhooks come once more, also those that were lost, nothing happens
  const callsAfter = hub.jira.calls.length;
  const events = await hub.query('select count(*) from event');
  hub.jira.webhooks.resend(acts.length);
  await hub.settle();
  expect(await hub.query('select count(*) from event')).toEqual(events);
  expect(hub.jira.calls.slice(callsAfter).filter(({ method }) => method !== 'GET')).toEqual([]);
}

/** Does it. Returns how many statuses our side changed by it. */
async function perform(
  one: Act,
  index: number,
  ticket: string,
  key: string,
  expected: { messages: string[]; comments: string[] },
): Promise<number> {
  const { firm, jira } = hub;
  switch (one.do) {
    case 'progress':
      return tryTo('ticket.progress', { ticket, status: one.to });
    case 'decline': {
      const [row] = await hub.query('select version from ticket where id = $1', [ticket]);
      return tryTo('ticket.decline', { ticket, version: row?.version, reason: 'Too dear.' });
    }
    case 'say': {
      const body = `Said ${index}`;
      await hub.run(
        one.as === 'client' ? firm.acme.approver : firm.admin,
        one.as === 'note' ? 'ticket.note' : 'ticket.reply',
        { ticket, body },
      );
      expected.messages.push(`${one.as === 'note' ? 'note' : 'reply'}: ${body}`);
      if (one.as === 'client') expected.comments.push(`Acme Approver (client): ${body}`);
      if (one.as === 'team') expected.comments.push(`Ada Admin (team): ${body}`);
      return 0;
    }
    case 'comment': {
      const body = `Commented ${index}`;
      const text = one.to === 'client' ? `@client ${body}` : body;
      jira.comment(key, text, 'Dora Dev');
      expected.comments.push(text);
      expected.messages.push(`${one.to === 'client' ? 'reply' : 'note'}: ${body}`);
      return 0;
    }
    case 'move':
      jira.move(key, one.to, 'Dora Dev');
      return 0;
    case 'resend':
      jira.webhooks.resend(one.count);
      return 0;
    case 'lose':
      jira.webhooks.lose(1);
      return 0;
    case 'hold':
      jira.webhooks.hold();
      return 0;
    case 'release':
      jira.webhooks.release((waiting) =>
        waiting
          .map((sent, place) => ({ sent, by: (place * 7 + one.order) % 5 }))
          .sort((a, b) => a.by - b.by)
          .map(({ sent }) => sent),
      );
      return 0;
    case 'lose the answer':
      jira.failNext(one.of, { status: 0, after: true });
      return 0;
    case 'work':
      await hub.settle({ turns: one.turns, together: 1 + (one.seed % 2), pick: picking(one.seed) });
      return 0;
  }
}

/** Choices that look arbitrary and are the same for the same seed. */
function picking(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (state * 31 + 7) % 997;
    return state % count;
  };
}

async function tryTo(name: string, input: Record<string, unknown>): Promise<number> {
  try {
    await hub.run(hub.firm.admin, name, input);
    return 1;
  } catch (error) {
    // Not every status follows every other one; who is refused changed nothing.
    if (error instanceof DomainError) return 0;
    throw error;
  }
}

/** A declined ticket stays declined; that Jira moved on nevertheless is shown in quarantine. */
async function agree(ours: 'declined' | 'resolved', theirs: string): Promise<boolean> {
  if (ours !== 'declined') return meaningOf(theirs, ours, readSettings({})) === ours;
  if (["Won't Do", 'Done'].includes(theirs)) return true;
  const [shown] = await hub.query(
    `select count(*) from inbox where status = 'quarantined' and outcome like '%declined%'`,
  );
  return Number(shown?.count) > 0;
}
