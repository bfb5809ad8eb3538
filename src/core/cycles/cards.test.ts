import { describe, expect, test } from '@jest/globals';
import type { Actor, AudienceActor, Person } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import { buttonsOf, encodePress, replyWord } from '../kernel/card.ts';
import { approve, editScope, plan, start } from './agree.ts';
import { cycleCard } from './cards.ts';
import type { Content } from './content.ts';
import './index.ts';
import { historyCard } from './lists.ts';
import { complete, dispute, openReview, remind, resolve } from './review.ts';
import type { By, Cycle, Party } from './schema.ts';
import { scopeOf } from './schema.ts';

const ids = ['0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11', '3f0a7b11-6c1f-4f43-9a52-0e3c1f0a7b11'] as const;
const content: Content = {
  name: 'Checkout',
  startsOn: '2026-11-02',
  endsOn: '2026-11-27',
  deliverables: [{ title: 'Basket page', detail: 'mobile' }, { title: 'Payment page' }],
};
const now = new Date('2026-11-02T15:00:00Z');
const late = new Date('2026-12-04T22:01:00Z');

const by = (side: Party): By & { personId: string } => ({
  personId: side,
  name: side === 'firm' ? 'Ada Admin' : 'Acme Approver',
  side,
  channel: side === 'firm' ? 'slack' : 'email',
  assurance: side === 'firm' ? 'chat' : 'mail',
  timezone: 'UTC',
});
const sign = (cycle: Cycle, side: Party) => approve(cycle, { hash: scopeOf(cycle).hash }, by(side), now);

const planned = plan(
  {
    id: ids[0],
    clientId: 'acme',
    clientName: 'Acme',
    firmName: 'Northwind Studios',
    projectId: ids[1],
    projectName: 'Acme website',
    calendar: { timezone: 'America/New_York', holidays: [] },
    approvers: { needed: 1, order: [], people: [{ id: 'client', name: 'Acme Approver' }] },
    reviewDays: 5,
  },
  content,
  by('firm'),
  now,
);
const halfSigned = sign(planned, 'firm');
const signed = sign(halfSigned, 'client');
const edited = editScope(
  signed,
  {
    version: signed.version,
    content: { ...content, deliverables: [{ title: 'Basket page' }, { title: 'Guest checkout' }] },
  },
  by('firm'),
  now,
);
const working = start(signed, false, now);
const inReview = openReview(working, true, new Date('2026-11-30T14:00:00Z'));
const changedInReview = editScope(
  inReview,
  { version: 5, content: { ...content, name: 'Checkout 2' } },
  by('firm'),
  late,
);
const overdue = remind(inReview, false, late);
const disputed = dispute(inReview, { version: 5, id: 'd', reason: 'The basket forgets' }, by('client'), now);
const resolved = resolve(
  disputed,
  { version: 6, resolution: 'It remembers', outcome: 'back_to_review' },
  by('firm'),
  late,
);
const completed = complete(inReview, { version: 5 }, late);

const states = {
  planned,
  halfSigned,
  signed,
  edited,
  working,
  inReview,
  changedInReview,
  overdue,
  disputed,
  resolved,
  completed,
};

const staff: Person = {
  kind: 'person',
  tenantId: 't',
  personId: 's',
  name: 'Ada Admin',
  side: 'staff',
  role: 'member',
  clientId: null,
  memberships: {},
  grants: {},
  timezone: 'Europe/Berlin',
  channel: 'slack',
  assurance: 'chat',
};
const contact = (role: 'approver' | 'viewer'): Person => ({
  ...staff,
  personId: role === 'approver' ? 'client' : role,
  side: 'contact',
  role: 'client_member',
  clientId: 'acme',
  memberships: { [ids[1]]: role },
  timezone: 'America/New_York',
});
const room = (side: 'staff' | 'contact'): AudienceActor => ({
  kind: 'audience',
  tenantId: 't',
  roomId: 'r',
  side,
  clientId: side === 'contact' ? 'acme' : null,
  projectId: null,
  timezone: side === 'contact' ? 'America/New_York' : 'Europe/Berlin',
});
const readOnlyStaff: Person = { ...staff, grants: { projects: 'read' } };
const actors: Record<string, Actor> = {
  staff,
  readOnlyStaff,
  approver: contact('approver'),
  viewer: contact('viewer'),
  clientRoom: room('contact'),
  triageRoom: room('staff'),
};

const labels = (card: Card) => card.actions.map(({ label }) => label);
const factsOf = (card: Card) =>
  Object.fromEntries(
    card.blocks
      .flatMap((block) => (block.kind === 'facts' ? block.facts : []))
      .map(({ label, value }) => [label, value]),
  );

describe('the card of a cycle', () => {
  test('says in a few words where the cycle stands', () => {
    const shown = Object.entries(states).map(([state, cycle]) => [state, cycleCard(cycle, staff).status]);

    expect(Object.fromEntries(shown)).toEqual({
      planned: 'Waiting for both approvals',
      halfSigned: 'Waiting for Acme’s approval',
      signed: 'Approved by both',
      edited: 'Waiting for both approvals',
      working: 'In progress',
      inReview: 'In review',
      changedInReview: 'In review',
      overdue: 'Review overdue',
      disputed: 'Disputed',
      resolved: 'In review',
      completed: 'Completed',
    });
    expect(cycleCard(sign(planned, 'client'), staff).status).toBe('Waiting for Northwind Studios’ approval');
  });

  test('shows who approved, when, through what and how sure that is, on the reader’s clock', () => {
    expect(factsOf(cycleCard(signed, contact('viewer')))).toEqual({
      Project: 'Acme website',
      Dates: '2 Nov 2026 – 27 Nov 2026',
      Scope: 'Version 1',
      'Approved for Northwind Studios':
        'Ada Admin, Mon 2 Nov 2026, 10:00 (America/New_York), in Slack, from a linked chat account',
      'Approved for Acme':
        'Acme Approver, Mon 2 Nov 2026, 10:00 (America/New_York), by mail, from a verified mail address',
      'Review opens': 'Mon 30 Nov 2026, 09:00 (America/New_York)',
    });
  });

  test('says when the review closes in the zone of those who read it', () => {
    expect(factsOf(cycleCard(inReview, room('contact')))['Review closes']).toBe(
      'Fri 4 Dec 2026, 17:00 (America/New_York)',
    );
    expect(factsOf(cycleCard(inReview, room('staff')))['Review closes']).toBe('Fri 4 Dec 2026, 23:00 (Europe/Berlin)');
    expect(factsOf(cycleCard(overdue, room('contact')))['Review was due']).toBe(
      'Fri 4 Dec 2026, 17:00 (America/New_York)',
    );
  });

  test('alerts the team of a dispute, with its reason, and shows the client how it was resolved', () => {
    expect(cycleCard(disputed, room('staff'))).toMatchObject({
      tone: 'danger',
      blocks: expect.arrayContaining([{ kind: 'text', text: 'The basket forgets' }]),
    });
    expect(cycleCard(disputed, room('contact')).tone).toBe('attention');
    expect(JSON.stringify(cycleCard(resolved, contact('viewer')).blocks)).toContain('It remembers');
  });

  test('says what changed since both last agreed', () => {
    expect(cycleCard(edited, contact('approver')).blocks.at(-1)).toEqual({
      kind: 'list',
      title: 'Changes since version 1, which both had approved',
      items: [
        { mark: 'added', text: 'Guest checkout' },
        { mark: 'removed', text: 'Payment page' },
        { mark: 'changed', text: 'Basket page — mobile → no detail' },
      ],
    });
  });
});

describe('a client of which several must approve', () => {
  const [ann, ben, cleo] = ['Ann', 'Ben', 'Cleo'].map((name) => ({ id: name.toLowerCase(), name })) as [
    Named,
    Named,
    Named,
  ];
  type Named = Cycle['approvers']['people'][number];
  const asked = (approvers: Partial<Cycle['approvers']>): Cycle => ({
    ...planned,
    approvers: { needed: 2, order: [], people: [ann, ben, cleo], ...approvers },
  });
  const byPerson = ({ id, name }: Named) => ({ ...by('client'), personId: id, name });
  const signs = (cycle: Cycle, who: Named) => approve(cycle, { hash: scopeOf(cycle).hash }, byPerson(who), now);
  const asPerson = ({ id }: Named): Person => ({ ...contact('approver'), personId: id });
  const listOf = (cycle: Cycle, actor: Actor) =>
    cycleCard(cycle, actor).blocks.find((block) => block.kind === 'list' && block.title?.includes('so far'));
  const textsOf = (cycle: Cycle, actor: Actor) =>
    cycleCard(cycle, actor).blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []));

  test('says who approved, who is missing and whose turn it is, to both sides', () => {
    const cycle = signs(asked({ needed: 3, order: [ann, ben] }), ann);

    for (const actor of [asPerson(ben), contact('viewer'), staff, room('contact')])
      expect(listOf(cycle, actor)).toMatchObject({
        title: '3 approvers of Acme, Ann first, then Ben: 1 so far',
        items: [
          { text: 'Ann', mark: 'done' },
          { text: 'Ben', detail: 'It is their turn', mark: 'open' },
          { text: 'Cleo', detail: 'After Ben', mark: 'open' },
        ],
      });
    expect(factsOf(cycleCard(cycle, staff))['Approved for Acme']).toBe('by 1 of 3');
    expect(cycleCard(sign(cycle, 'firm'), staff).status).toBe('Waiting for Acme’s approval (1 of 3)');
  });

  test('gives the button to those whose turn it is, and to nobody who has approved already', () => {
    const cycle = signs(asked({ order: [ann] }), ann);
    const has = (who: Named, one: Cycle) => labels(cycleCard(one, asPerson(who))).includes('Approve');

    expect([ann, ben, cleo].map((who) => has(who, asked({ order: [ann] })))).toEqual([true, false, false]);
    expect([ann, ben, cleo].map((who) => has(who, cycle))).toEqual([false, true, true]);
    expect([ann, ben, cleo].map((who) => has(who, signs(cycle, ben)))).toEqual([false, false, false]);
  });

  test('tells the firm, and the firm alone, that too few are left, and keeps the number', () => {
    const cycle = asked({ needed: 3, order: [ann], people: [ben] });

    expect(textsOf(cycle, staff)).toEqual([
      'Too few approvers are left: 3 more approvers of Acme must approve, and 1 can. Make somebody an approver of the project, or change the rule on the client’s card.',
      'Named in the order, and no approver here any more: Ann.',
    ]);
    expect(textsOf(cycle, asPerson(ben))).toEqual([]);
    expect(signs(cycle, ben).versions[0].agreedAt).toBeNull();
  });
});

describe('the buttons', () => {
  test('are those that would work for the reader', () => {
    const shown = (actor: Actor) =>
      Object.fromEntries(
        Object.entries(states).map(([state, cycle]) => [state, labels(cycleCard(cycle, actor)).join(', ')]),
      );

    expect(shown(staff)).toEqual({
      planned: 'Approve, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      halfSigned: 'Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      signed: 'Start, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      edited: 'Approve, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      working: 'Open review, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      inReview: 'Remind client, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      changedInReview: 'Approve, Remind client, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      overdue: 'Remind client, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      disputed: 'Resolve…, Reply…, Note…, History, Deliverables, Tasks',
      resolved: 'Remind client, Edit scope…, Reply…, Note…, History, Deliverables, Tasks',
      completed: 'Reply…, Note…, History, Deliverables, Tasks',
    });
    expect(shown(contact('approver'))).toEqual({
      planned: 'Approve, Reply…, History, Deliverables, Tasks',
      halfSigned: 'Approve, Reply…, History, Deliverables, Tasks',
      signed: 'Reply…, History, Deliverables, Tasks',
      edited: 'Approve, Reply…, History, Deliverables, Tasks',
      working: 'Reply…, History, Deliverables, Tasks',
      inReview: 'Looks good, complete, Dispute…, Reply…, History, Deliverables, Tasks',
      changedInReview: 'Approve, Dispute…, Reply…, History, Deliverables, Tasks',
      overdue: 'Looks good, complete, Dispute…, Reply…, History, Deliverables, Tasks',
      disputed: 'Reply…, History, Deliverables, Tasks',
      resolved: 'Looks good, complete, Dispute…, Reply…, History, Deliverables, Tasks',
      completed: 'Reply…, History, Deliverables, Tasks',
    });
    expect(shown(room('contact'))).toEqual(shown(contact('approver')));
    expect(shown(room('staff'))).toEqual(shown(staff));
    expect(new Set(Object.values(shown(contact('viewer'))))).toEqual(new Set(['History, Deliverables, Tasks']));
    // Talking is a right of its own: whoever may only read projects may still have a say.
    expect(new Set(Object.values(shown(readOnlyStaff)))).toEqual(
      new Set(['Reply…, Note…, History, Deliverables, Tasks']),
    );
  });

  test('do what they say: the rules grant every decision that a card offers', () => {
    const decide: Record<string, (cycle: Cycle, input: Record<string, string>, side: Party) => Cycle> = {
      'cycle.approve': (cycle, { hash = '' }, side) => approve(cycle, { hash }, by(side), late),
      'cycle.start': (cycle) => start(cycle, false, late),
      'cycle.open-review': (cycle) => openReview(cycle, false, late),
      'cycle.remind': (cycle) => remind(cycle, true, new Date('2026-12-05T15:00:00Z')),
      'cycle.complete': (cycle, { version }) => complete(cycle, { version: Number(version) }, late),
      'cycle.dispute': (cycle, { version }) =>
        dispute(cycle, { version: Number(version), id: 'd', reason: 'Not good' }, by('client'), late),
      'cycle.resolve': (cycle, { version }) =>
        resolve(cycle, { version: Number(version), resolution: 'Good', outcome: 'back_to_work' }, by('firm'), late),
      'cycle.edit-scope': (cycle, { version }) =>
        editScope(cycle, { version: Number(version), content: { ...content, name: 'Else' } }, by('firm'), late),
    };
    // Open to everybody who may, in every state: there is nothing to decide.
    const TALK = new Set(['HISTORY', 'DELIVERABLES', 'TASKS', 'REPLY', 'NOTE']);
    let pressed = 0;
    for (const cycle of Object.values(states)) {
      for (const [name, actor] of Object.entries(actors)) {
        const side = ['approver', 'viewer', 'clientRoom'].includes(name) ? 'client' : 'firm';
        for (const { press } of buttonsOf(cycleCard(cycle, actor)).filter((one) => !TALK.has(replyWord(one)))) {
          expect(decide[press.target]?.(cycle, press.input, side)).toBeDefined();
          pressed += 1;
        }
      }
    }
    expect(pressed).toBeGreaterThan(50);
  });

  test('have words of their own and fit into every platform’s press', () => {
    for (const cycle of Object.values(states)) {
      for (const actor of Object.values(actors)) {
        for (const card of [cycleCard(cycle, actor), historyCard(cycle, actor)]) {
          const buttons: Button[] = buttonsOf(card);
          expect(new Set(buttons.map(replyWord)).size).toBe(buttons.length);
          for (const { press } of buttons) expect(() => encodePress(press)).not.toThrow();
        }
      }
    }
  });
});

test('a long history shows its newest versions and says how many more are on record', () => {
  let cycle: Cycle = planned;
  for (let index = 2; index <= 14; index += 1)
    cycle = editScope(
      cycle,
      { version: cycle.version, content: { ...content, name: `Checkout ${index}` } },
      by('firm'),
      now,
    );

  const titles = historyCard(cycle, staff).blocks.flatMap((block) => (block.kind === 'list' ? [block.title] : []));

  expect(titles).toHaveLength(10);
  expect([titles[0], titles[9]]).toEqual([expect.stringMatching(/^Version 14,/), expect.stringMatching(/^Version 5,/)]);
  expect(historyCard(cycle, staff).blocks).toContainEqual({
    kind: 'text',
    text: '4 earlier versions are on record.',
    subtle: true,
  });
});
