import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { nextLine } from '../kernel/priced-line.ts';
import { ticksIn } from '../kernel/ticks.ts';
import type { Content, Line } from './content.ts';
import { addLine, changeLine, draft, removeLine, write } from './draft.ts';
import {
  AS_CHOSEN,
  accept,
  chosenHash,
  decline,
  expire,
  readTaken,
  send,
  settle,
  supersede,
  withdraw,
} from './offer.ts';
import type { By, Quote } from './schema.ts';

const began = new Date('2026-11-26T12:00:00Z');
const hour = 3_600_000;

const line = (number: number, more: Partial<Line> = {}): Line => ({
  ...{ number, text: `Part ${number}`, quantity: '1', unitPrice: 10_000, vat: { kind: 'rate', rate: 1900 } },
  ...{ billed: 'acceptance', optional: false, cycle: null, ...more },
});
const content: Content = {
  ...{ number: 1, title: 'Shop', currency: 'EUR', lines: [line(1), line(2, { optional: true })] },
  ...{ rounding: 'document', deposit: null, notes: null, expiresOn: '2026-11-28' },
};
const CYCLE = { id: 'c1', name: 'Checkout', hash: 'hash of the scope' };
const SCOPE = { ...CYCLE, projectId: 'p1' };
const by = (name: string): By => ({ personId: `${name} person`, name, channel: 'slack', assurance: 'chat' });
const firm = by('Ada Admin');
const client = by('Acme Approver');

type Approvers = Quote['approvers'];
const ANYBODY: Approvers = { needed: 1, order: [], people: [{ id: 'Acme Approver person', name: 'Acme Approver' }] };

const drafted = (of: Content = content, more: Partial<Quote> = {}): Quote =>
  draft(
    {
      ...{ id: `q${of.number}`, clientId: 'acme', clientName: 'Acme', firmName: 'Northwind Studio', projectId: 'p1' },
      ...{ projectName: 'Shop', timezone: 'America/New_York', replaces: null, createdAt: began },
      ...{ approvers: ANYBODY, sureAbove: '10000.00', ...more },
    },
    of,
  );
const sent = (of: Content = content, now = began) => send(drafted(of), [SCOPE], firm, now);
const accepted = (quote: Quote, take = '', now = began) =>
  accept(quote, { hash: quote.hash, take: ticksIn(take) }, [SCOPE], client, now);

/** The refusal of a decision. */
function refused(decide: () => unknown): DomainError {
  try {
    decide();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('sending', () => {
  test.each<[string, Partial<Content>, string]>([
    ['nothing', { lines: [] }, 'It has no lines yet. Add what you offer.'],
    ['less than nothing', { lines: [line(1, { unitPrice: -1 })] }, 'It comes to less than nothing. Check its prices.'],
    [
      'a deposit that is more than all of it',
      { deposit: { kind: 'amount', amount: 11_901 } },
      'The deposit is more than what is billed once. Change it under “Terms”.',
    ],
    [
      'what is over already',
      { expiresOn: '2026-11-25' },
      '25 Nov 2026 is over. Give it a later last day under “Terms”.',
    ],
    [
      'a cycle of another project',
      { lines: [line(1, { cycle: { ...CYCLE, id: 'c2' } })] },
      'Line 1 names a cycle that is not in the project. Change the line.',
    ],
  ])('%s is refused with what to do', (_what, change, say) => {
    expect(refused(() => sent({ ...content, ...change }))).toMatchObject({ code: 'conflict', say });
  });

  test('takes the scope of a cycle as it is then', () => {
    const old = { ...content, lines: [line(1, { cycle: { ...CYCLE, hash: 'an older one' } })] };

    expect(sent(old).content.lines[0]?.cycle).toEqual(CYCLE);
  });

  test('is possible on the last day, and its end is on the client’s clock', () => {
    const lastMoment = new Date('2026-11-29T04:59:59Z');

    expect(sent(content, lastMoment).state).toMatchObject({ sent: { expiresAt: new Date('2026-11-29T05:00:00Z') } });
    expect(refused(() => sent(content, new Date('2026-11-29T05:00:00Z'))).code).toBe('conflict');
  });
});

describe('accepting', () => {
  test('is possible to the last moment of the last day, and not after it, whether or not the end was noted', () => {
    const quote = sent();
    const end = new Date('2026-11-29T05:00:00Z');

    expect(accepted(quote, '', new Date(end.getTime() - 1)).state.status).toBe('accepted');
    expect(refused(() => accepted(quote, '', end)).say).toBe(
      'Q-1 was valid until the end of 28 Nov 2026 (America/New_York). Ask Northwind Studio for a new one.',
    );
  });

  test('of another content than was on the screen changes nothing', () => {
    const error = refused(() => accept(sent(), { hash: 'another', take: [] }, [SCOPE], client, began));

    expect(error).toMatchObject({ code: 'stale', say: 'This is not what Q-1 offers. Nothing was accepted.' });
  });

  test('of a cycle whose scope became another one changes nothing, and says which', () => {
    const quote = sent({ ...content, lines: [line(1, { cycle: CYCLE })] });
    const moved = [{ ...SCOPE, hash: 'a newer one' }];

    expect(refused(() => accept(quote, { hash: quote.hash, take: [] }, moved, client, began))).toMatchObject({
      code: 'stale',
      detail: { changes: ['The scope of Checkout changed after the quote was sent'] },
    });
  });

  test.each<[string, number[]]>([
    ['', []],
    ['none', []],
    ['2', [2]],
    ['all', [2, 4]],
    ['4, 2', [2, 4]],
    ['2;2 4', [2, 4]],
  ])('with the options “%s” takes %j', (take, numbers) => {
    const options = [line(1), line(2, { optional: true }), line(3), line(4, { optional: true })];

    expect(accepted(sent({ ...content, lines: options }), take).state).toMatchObject({
      acceptance: { taken: numbers },
    });
  });

  test.each(['1', '3', '2, 9', 'photos', '-2', '2.0', '٢'])(
    'with the option “%s”, which there is not, is refused',
    (take) => {
      const error = refused(() => accepted(sent(), take));

      expect(error.code).toBe('invalid');
      expect(error.detail.fields?.take).toMatch(/^there is no option .+: the options are 2$/);
    },
  );

  test('is a person’s: the system accepts nothing', () => {
    const quote = sent();
    const nobody = { ...client, personId: null };

    expect(refused(() => accept(quote, { hash: quote.hash, take: [] }, [SCOPE], nobody, began)).code).toBe('forbidden');
  });
});

/** What somebody does next, to the first or to the last of the quotes there are. */
interface Wish {
  name: string;
  last: boolean;
  hash: 'own' | 'other';
  take: string;
  hours: number;
}

const NAMES = ['write', 'add', 'change', 'remove', 'send', 'accept', 'decline', 'withdraw', 'expire', 'copy', 'move'];
const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.constantFrom(...NAMES, 'send', 'accept', 'accept', 'copy'),
  last: fc.boolean(),
  hash: fc.constantFrom<Wish['hash']>('own', 'own', 'own', 'other'),
  take: fc.constantFrom('', 'all', '2', '1', '9'),
  hours: fc.constantFrom(0, 0, 0, 5, 30),
});

/** The quotes there are, and the scope of the cycle that some of their lines name. */
class World {
  readonly quotes: Quote[] = [drafted()];
  /** What each was when it was sent. */
  readonly offered = new Map<string, string>();
  now = began;
  scope = SCOPE;

  take(wish: Wish): void {
    this.now = new Date(this.now.getTime() + wish.hours * hour);
    const quote = (wish.last ? this.quotes.at(-1) : this.quotes[0]) as Quote;
    if (wish.name === 'send') this.send(quote);
    else if (wish.name === 'copy') this.copy(quote);
    else if (wish.name === 'move') this.scope = { ...this.scope, hash: `${this.scope.hash}'` };
    else this.put(this.decide(quote, wish));
  }

  private decide(quote: Quote, { name, last, hash, take }: Wish): Quote {
    const { now } = this;
    const other = this.quotes.find(({ id }) => id !== quote.id);
    const wanted = hash === 'own' ? quote.hash : (other?.hash ?? 'none');
    switch (name) {
      case 'write':
        return write(quote, { title: `${quote.content.title}!` });
      case 'add':
        return addLine(quote, line(nextLine(quote.content.lines), { cycle: this.scope, optional: last }));
      case 'change':
        return changeLine(quote, line(2, { optional: true, unitPrice: 5_000 }));
      case 'remove':
        return removeLine(quote, 2);
      case 'accept':
        return accept(quote, { hash: wanted, take: ticksIn(take) }, [this.scope], client, now);
      case 'decline':
        return decline(quote, 'Too dear', client, now);
      case 'withdraw':
        return withdraw(quote, firm, now);
      default:
        return expire(quote, by('Parley'), now);
    }
  }

  private copy({ id, content: copied, state, replaces: replaced }: Quote): void {
    const number = this.quotes.length + 1;
    const standing = state.status === 'sent' ? id : null;
    const replaces = state.status === 'draft' ? replaced : standing;
    this.quotes.push(drafted({ ...copied, number, expiresOn: '2026-12-04' }, { replaces }));
  }

  private send(quote: Quote): void {
    const after = send(quote, [this.scope], firm, this.now);
    const old = this.standingFor(quote.replaces);
    const ended = old && supersede(old, quote, firm, this.now);
    this.put(after);
    if (ended) this.put(ended);
    this.offered.set(after.id, JSON.stringify(after.content));
  }

  private standingFor(id: string | null): Quote | undefined {
    const quote = this.quotes.find((one) => one.id === id);
    return quote?.state.status === 'superseded' ? this.standingFor(quote.state.by) : quote;
  }

  private put(quote: Quote): void {
    this.quotes[this.quotes.findIndex(({ id }) => id === quote.id)] = quote;
  }
}

describe('over any sequence of what people do', () => {
  test('nothing is accepted that was changed, that had expired, or that was accepted before', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 40 }), (wishes) => {
        const world = new World();
        for (const one of wishes) {
          const before = [...world.quotes];
          try {
            world.take(one);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            // A refusal leaves everything as it was.
            expect(world.quotes).toEqual(before);
          }
          checkFamilies(world.quotes);
          for (const [index, quote] of world.quotes.entries()) {
            reached.add(quote.state.status);
            check(world, before[index], quote);
          }
        }
      }),
      { numRuns: 1_000 },
    );
    expect([...reached].sort()).toEqual(
      ['accepted', 'declined', 'draft', 'expired', 'sent', 'superseded', 'withdrawn'].sort(),
    );
  });
});

function check({ offered }: World, before: Quote | undefined, quote: Quote): void {
  const { state } = quote;
  expect(quote.hash).toBe(fingerprint(quote.content));
  if (state.status !== 'draft') expect(JSON.stringify(quote.content)).toBe(offered.get(quote.id));
  if (before && !['draft', 'sent'].includes(before.state.status)) expect(state).toEqual(before.state);
  if (state.status !== 'accepted') return;
  const { acceptance, sent: offer } = state;
  expect(acceptance.hash).toBe(quote.hash);
  expect(acceptance.at.getTime()).toBeLessThan(offer.expiresAt.getTime());
  const options = quote.content.lines.filter(({ optional }) => optional).map(({ number }) => number);
  expect(options).toEqual(expect.arrayContaining(acceptance.taken));
  expect(readTaken(quote.content, acceptance.taken.map(String))).toEqual(acceptance.taken);
}

/** Of a quote and all that were copied from it while it stood, one stands at most: the client never accepts two of them. */
function checkFamilies(quotes: readonly Quote[]): void {
  const first = (quote: Quote): string => {
    const before = quotes.find(({ id }) => id === quote.replaces);
    return before ? first(before) : quote.id;
  };
  const standing = quotes.filter(({ state }) => state.status === 'sent' || state.status === 'accepted').map(first);
  expect(standing).toHaveLength(new Set(standing).size);
}

describe('several approvers', () => {
  const [ann, ben, cleo] = ['ann', 'ben', 'cleo'].map((id) => ({ id, name: id })) as [Named, Named, Named];
  type Named = Approvers['people'][number];
  const person = ({ id }: Named): By => ({ ...client, personId: id, name: id });
  const options = { ...content, lines: [line(1), line(2, { optional: true }), line(3, { optional: true })] };
  const asked = (approvers: Partial<Approvers> = {}, of: Content = options): Quote => ({
    ...sent(of),
    approvers: { needed: 2, order: [], people: [ann, ben, cleo], ...approvers },
  });
  const accepts = (quote: Quote, who: Named, take = '2', hash = quote.hash) =>
    accept(quote, { hash, take: ticksIn(take) }, [SCOPE], person(who), began);

  test('the first chooses the options, and the second signs the same with one press', () => {
    const half = accepts(asked(), ann);
    const whole = accepts(half, ben, AS_CHOSEN, chosenHash(half) ?? '');

    expect(half.state.status).toBe('sent');
    expect(whole).toMatchObject({
      state: { status: 'accepted', acceptance: { byName: 'ben', taken: [2], hash: half.hash } },
      signed: [
        { byName: 'ann', taken: [2] },
        { byName: 'ben', taken: [2] },
      ],
    });
    expect(accepts(half, ben, '2').state.status).toBe('accepted');
  });

  test('of other options than the first chose, nothing is accepted, and both choices are said', () => {
    const half = accepts(asked(), ann);

    for (const take of ['', '3', 'all'])
      expect(refused(() => accepts(half, ben, take))).toMatchObject({
        code: 'stale',
        say: 'ann accepted Q-1 with other options. Nothing was accepted.',
      });
    expect(refused(() => accepts(half, ben, '3')).detail.changes?.[0]).toBe('ann took 2. Part 2; you took 3. Part 3');
  });

  test('“as it was chosen” is of the choice that was on the screen, and of nothing where nobody chose yet', () => {
    const other = accepts(asked(), ann, '3');

    expect(refused(() => accepts(accepts(asked(), ann), ben, AS_CHOSEN, chosenHash(other) ?? '')).code).toBe('stale');
    expect(refused(() => accepts(asked(), ann, AS_CHOSEN)).code).toBe('invalid');
    expect(refused(() => accepts(accepts(asked(), ann), ben, AS_CHOSEN)).code).toBe('invalid');
  });

  test('in an order are asked one after the other, and told whose turn it is', () => {
    const quote = asked({ order: [ben, ann] });

    expect(refused(() => accepts(quote, ann)).say).toBe('You cannot accept Q-1 now: ben must accept first.');
    expect(refused(() => accepts(accepts(quote, ben), cleo)).say).toBe(
      'You cannot accept Q-1 now: ann must accept first.',
    );
    expect(refused(() => accepts(accepts(quote, ben), ben)).say).toBe(
      'You cannot accept Q-1 now: you did so already, and ann has not yet.',
    );
    expect(accepts(accepts(quote, ben), ann).state.status).toBe('accepted');
  });

  test('do not accept a cycle whose scope became another one after the first did, however it is counted', () => {
    const half = accepts(asked({}, { ...content, lines: [line(1, { cycle: CYCLE })] }), ann, '');
    const moved = [{ ...SCOPE, hash: 'a newer one' }];
    const one = { ...half, approvers: { ...half.approvers, needed: 1 } };

    expect(refused(() => accept(half, { hash: half.hash, take: [] }, moved, person(ben), began)).code).toBe('stale');
    expect(refused(() => settle(one, moved, began)).code).toBe('stale');
    expect(settle(one, [SCOPE], began).state).toMatchObject({ status: 'accepted', acceptance: { byName: 'ann' } });
  });

  interface Move {
    kind: 'accept' | 'rule' | 'people' | 'count' | 'decline' | 'late';
    who: number;
    some: number[];
    needed: number | null;
    take: string;
    hash: 'own' | 'chosen' | 'other';
  }
  const someOf = (indexes: readonly number[]) =>
    [...new Set(indexes)].flatMap((index) => [ann, ben, cleo][index] ?? []);
  const move: fc.Arbitrary<Move> = fc.record({
    kind: fc.constantFrom<Move['kind']>(
      ...Array<'accept'>(12).fill('accept'),
      'rule',
      'people',
      'count',
      'count',
      'decline',
      'late',
    ),
    who: fc.nat(2),
    some: fc.array(fc.nat(2), { maxLength: 3 }),
    needed: fc.constantFrom(1, 2, 2, 3, null),
    take: fc.constantFrom('2', '2', '', 'all', AS_CHOSEN, AS_CHOSEN),
    hash: fc.constantFrom<Move['hash']>('own', 'own', 'chosen', 'chosen', 'other'),
  });

  test('accept with no fewer than the rule asks for, each once, in its order, with the same options of the same content', () => {
    const reached: Record<string, number> = {};
    fc.assert(
      fc.property(fc.array(move, { minLength: 4, maxLength: 30 }), fc.constantFrom(1, 2, 3, null), (moves, needed) => {
        let quote = asked({ needed });
        let now = began;
        for (const { kind, who, some, needed: less, take, hash: which } of moves) {
          const before = quote;
          const hash = { own: quote.hash, chosen: chosenHash(quote) ?? 'none', other: 'another' }[which];
          const by = person([ann, ben, cleo][who] ?? ann);
          try {
            if (kind === 'late') now = new Date(now.getTime() + 20 * hour);
            if (kind === 'accept') quote = accept(quote, { hash, take: ticksIn(take) }, [SCOPE], by, now);
            if (kind === 'decline') quote = decline(quote, 'Too dear', by, now);
            if (kind === 'rule')
              quote = { ...quote, approvers: { ...quote.approvers, needed: less, order: someOf(some) } };
            if (kind === 'people') quote = { ...quote, approvers: { ...quote.approvers, people: someOf(some) } };
            if (kind === 'count') quote = settle(quote, [SCOPE], now);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            reached[error.code] = (reached[error.code] ?? 0) + 1;
          }
          const { signed, approvers, state } = quote;
          const people = new Set(signed.map(({ personId }) => personId));
          expect(people.size).toBe(signed.length);
          expect(new Set(signed.map(({ hash: one, taken }) => `${one} ${taken}`)).size).toBeLessThan(2);
          if (signed.length > before.signed.length) {
            expect(['own', 'chosen']).toContain(which);
            const waiting = approvers.order.find(
              ({ id }) =>
                approvers.people.some((one) => one.id === id) && !before.signed.some(({ personId }) => personId === id),
            );
            if (waiting) expect(signed.at(-1)?.personId).toBe(waiting.id);
            expect(approvers.people.map(({ id }) => id)).toContain(signed.at(-1)?.personId);
          }
          if (state.status !== 'accepted' || before.state.status === 'accepted') continue;
          reached[`accepted by ${kind}`] = (reached[`accepted by ${kind}`] ?? 0) + 1;
          expect(people.size).toBeGreaterThanOrEqual(approvers.needed ?? 1);
          if (approvers.needed === null)
            expect([...people]).toEqual(expect.arrayContaining(approvers.people.map(({ id }) => id)));
          expect(now.getTime()).toBeLessThan(state.sent.expiresAt.getTime());
        }
      }),
      { numRuns: 2_000 },
    );
    for (const what of ['accepted by accept', 'accepted by count', 'stale', 'conflict'])
      expect({ what, often: (reached[what] ?? 0) > 5 }).toEqual({ what, often: true });
  });
});
