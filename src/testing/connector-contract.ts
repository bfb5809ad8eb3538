import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Proof } from '../core/kernel/account-form.ts';
import type { DomainError } from '../core/kernel/errors.ts';
import { ledger } from '../core/kernel/inbox.ts';
import { RetryLater } from '../core/kernel/jobs.ts';
import type { Connector } from '../integrations/connector.ts';
import type { ConnectorHub } from './connector-hub.ts';

/** How a thing stands, in the words of the suite. */
export type Standing = 'waiting' | 'begun' | 'done' | 'refused';

export interface ToolFault {
  /** What the tool answers; 0 cuts the connection. */
  status: number;
  /** Seconds, as the tool says them. */
  retryAfter?: number;
  times?: number;
  /** It is carried out, and only its answer fails. */
  after?: boolean;
}

/** What the suite asks of a connector's stand-in. Each connector writes one, and gets all tests for it. */
export interface ConnectorStage {
  hub: ConnectorHub;
  /** The entity of which the tool holds a copy, and the names of the events that make the copy and move it. */
  entity: string;
  events: { made: string; moved: string };
  /** Makes a thing of which the tool is to have a copy; its id. */
  make(): Promise<string>;
  /** Our side. `refuse` brings the thing to where it takes no move of the tool's. */
  here: {
    move(thing: string, to: 'begun' | 'done'): Promise<void>;
    refuse(thing: string): Promise<void>;
    say(thing: string, words: string): Promise<void>;
    standing(thing: string): Promise<Standing>;
    said(thing: string): Promise<string[]>;
  };
  /** The tool's side, as its people act. */
  there: {
    /** The ids of what the tool holds of a thing: one of each. */
    copies(thing: string): string[];
    move(thing: string, to: 'begun' | 'done'): void;
    say(thing: string, words: string): void;
    standing(thing: string): Standing;
    /** The words of each message, without what stands around them. */
    said(thing: string): string[];
  };
  /** The next calls of that kind fail so. */
  fail(what: 'making' | 'saying' | 'reading' | 'any', fault: ToolFault): void;
  /** How often the tool was asked for something, and how often for a change. */
  calls(): { all: number; changes: number };
  webhooks: {
    hold(): void;
    /** Lets go of what was held, the newest first. */
    releaseBackwards(): void;
    release(): void;
    /** Sends the last so many once more. */
    resend(count: number): void;
    /** The next so many never arrive. */
    lose(count: number): void;
  };
  /** Sends a webhook as the tool would not; the status. `unknown` is signed well and of a kind that nobody knows. */
  post(how: 'unknown' | 'wrong' | 'unsigned' | 'another account'): Promise<number>;
  /** A connector of another account, and one whose credentials the tool refuses. */
  another(): Promise<{ connector: Connector; copies(thing: string): string[]; stop(): Promise<void> }>;
  refused(): Promise<Connector>;
  /** Proves an account by what a person typed of it, as the tool takes it or not. */
  prove(typed: 'right' | 'wrong'): Promise<Proof>;
  /** Why the tool refuses what an account is reached with, from an error of a connector. */
  refusal(error: unknown): string | null;
  close(): Promise<void>;
}

/** What a tool does otherwise than one that holds a copy of the same facts. */
export interface Nature {
  /** Our side asks, and things move on the tool's side alone; nothing is said about them. Of the stage's acts, those of ours are not called. */
  isOneWay?: true;
  /** A request that is made again under its key gives what it gave: nobody has to wait for an earlier try. */
  isKeyed?: true;
}

/** What every connector must do: run it with a stage over the tool's stand-in. */
export function connectorContract(
  name: string,
  begin: () => Promise<ConnectorStage>,
  { isOneWay, isKeyed }: Nature = {},
): void {
  const testBothWays = isOneWay ? test.skip : test;
  describe(`the contract of a connector, kept by ${name}`, () => {
    let stage: ConnectorStage;
    let hub: ConnectorHub;

    beforeAll(async () => {
      stage = await begin();
      hub = stage.hub;
    });
    afterAll(() => stage?.close());
    beforeEach(() => hub.settle());

    const settled = async (): Promise<string> => {
      const thing = await stage.make();
      await hub.settle();
      return thing;
    };
    /** How the last deliveries ended. */
    const last = async (count = 1) =>
      (await hub.query('select kind, status, outcome from inbox order by seq desc limit $1', [count])).reverse();
    const noted = async (thing: string) =>
      (
        await hub.query(`select external_id from external_ref where entity = $1 and entity_id = $2`, [
          stage.entity,
          thing,
        ])
      ).map(({ external_id: id }) => id);
    const moves = (thing: string) =>
      hub.query('select actor from event where entity_id = $1 and name = $2', [thing, stage.events.moved]);
    /** Brings a thing to where a push asks the tool, and gives that push. */
    const stirred = async (thing: string) => {
      if (isOneWay) await hub.query('delete from external_ref where entity_id = $1', [thing]);
      else await stage.here.move(thing, 'begun');
      hub.app.asked.splice(0);
      return () => hub.pushAgain(thing, isOneWay ? stage.events.made : stage.events.moved);
    };
    /** The push that was put off has done its work. */
    const expectDone = async (thing: string) => {
      if (isOneWay) expect(await noted(thing)).toEqual(stage.there.copies(thing));
      else expect(stage.there.standing(thing)).toBe('begun');
    };
    const both = async (thing: string) => [await stage.here.standing(thing), stage.there.standing(thing)];

    describe('both sides', () => {
      test('hold one copy each, and our own writing that comes back changes nothing', async () => {
        const thing = await settled();
        expect(stage.there.copies(thing)).toHaveLength(1);
        expect(await noted(thing)).toEqual(stage.there.copies(thing));
        if (isOneWay) return;
        expect(await last()).toMatchObject([{ status: 'duplicate' }]);

        await stage.here.move(thing, 'begun');
        await hub.settle();

        expect(await both(thing)).toEqual(['begun', 'begun']);
        expect(await moves(thing)).toHaveLength(1);
        expect(await last()).toMatchObject([{ status: 'duplicate' }]);
      });

      test('follow each other, and the tool is not told what it said', async () => {
        const thing = await settled();
        const { changes } = stage.calls();

        stage.there.move(thing, 'done');
        await hub.settle();

        expect(await both(thing)).toEqual(['done', 'done']);
        expect(stage.calls().changes).toBe(changes);
        expect(await moves(thing)).toMatchObject([
          { actor: { kind: 'integration', connector: name, account: hub.connector.account } },
        ]);
      });

      testBothWays('that moved at once end alike, as ours did, which people were told', async () => {
        const thing = await settled();
        stage.webhooks.hold();
        stage.there.move(thing, 'begun');
        await stage.here.move(thing, 'done');
        stage.webhooks.release();
        await hub.settle();

        expect(await both(thing)).toEqual(['done', 'done']);
      });

      testBothWays('differ where ours refuses, and that is kept and shown', async () => {
        const thing = await settled();
        await stage.here.refuse(thing);
        await hub.settle();

        stage.there.move(thing, 'begun');
        await hub.settle();

        expect(await stage.here.standing(thing)).toBe('refused');
        expect(await last()).toMatchObject([{ status: 'quarantined', outcome: expect.stringMatching(/\w+ \w+/) }]);
      });
    });

    describe('one copy per thing', () => {
      test.each([
        ['the answer to its making is lost', { status: 0, after: true }],
        ['the tool fails after it was made', { status: 500, after: true }],
        ['the request itself was lost', { status: 0 }],
      ])('when %s', async (_, fault) => {
        stage.fail('making', fault);
        const thing = await settled();

        expect(stage.there.copies(thing)).toHaveLength(1);
        expect(await noted(thing)).toEqual(stage.there.copies(thing));
      });

      test('when the worker dies before it notes the copy', async () => {
        const thing = await settled();
        await hub.query(
          `update external_ref set external_id = 'claim:' || entity_id, external_key = null, fingerprint = 'sending' where entity_id = $1`,
          [thing],
        );

        await hub.pushAgain(thing, stage.events.made);

        expect(stage.there.copies(thing)).toHaveLength(1);
        expect(await noted(thing)).toEqual(stage.there.copies(thing));
      });

      test('when our note of it is lost altogether', async () => {
        const thing = await settled();
        await hub.query('delete from external_ref where entity_id = $1', [thing]);

        await hub.pushAgain(thing, stage.events.made);
        await hub.pushAgain(thing, stage.events.made);

        expect(stage.there.copies(thing)).toHaveLength(1);
      });

      test('when another try may still be on its way, nothing is made before that is settled', async () => {
        const thing = await stage.make();
        hub.app.asked.splice(0);
        await hub.query(
          `insert into external_ref (tenant_id, id, tool, account, entity, entity_id, external_id, fingerprint, updated_at)
           values ($1, $2, $3, $4, $5, $6, 'claim:x', 'sending', $7)`,
          [
            ...[hub.firm.tenantId, crypto.randomUUID(), name, hub.connector.account, stage.entity, thing],
            hub.app.clock.now(),
          ],
        );

        const waits = await hub.pushAgain(thing, stage.events.made).catch((error: unknown) => error);
        if (isKeyed) {
          expect(waits).toBeUndefined();
          expect(stage.there.copies(thing)).toHaveLength(1);
          return;
        }
        expect(waits).toBeInstanceOf(RetryLater);
        expect(stage.there.copies(thing)).toHaveLength(0);

        hub.app.clock.jump((waits as RetryLater).seconds * 1_000 + 1_000);
        await hub.pushAgain(thing, stage.events.made);
        expect(stage.there.copies(thing)).toHaveLength(1);
      });

      test('a refusal is sure: the next try need not wait', async () => {
        stage.fail('making', { status: 400 });
        const before = hub.failures.length;
        const now = hub.app.clock.now().getTime();
        const thing = await settled();

        expect(hub.failures.slice(before)).toMatchObject([{ queue: 'push', error: expect.stringContaining('400') }]);
        expect(stage.there.copies(thing)).toHaveLength(1);
        expect(hub.app.clock.now().getTime() - now).toBeLessThan(20_000);
      });
    });

    describe('what is said', () => {
      testBothWays('twice is there twice, also when the answer to it is lost', async () => {
        const thing = await settled();
        stage.fail('saying', { status: 0, after: true });
        await stage.here.say(thing, 'We are on it.');
        await stage.here.say(thing, 'We are on it.');
        await hub.settle();

        expect(stage.there.said(thing)).toEqual(['We are on it.', 'We are on it.']);
        expect(await stage.here.said(thing)).toEqual(['We are on it.', 'We are on it.']);
      });

      testBothWays('and was lost on the way is sent once that is sure', async () => {
        const thing = await settled();
        stage.fail('saying', { status: 0 });
        await stage.here.say(thing, 'Done.');
        await hub.settle();

        expect(stage.there.said(thing)).toEqual(['Done.']);
      });

      testBothWays('over there comes here once, and does not go back', async () => {
        const thing = await settled();
        const { changes } = stage.calls();

        stage.there.say(thing, 'It works again.');
        await hub.settle();

        expect(await stage.here.said(thing)).toEqual(['It works again.']);
        expect(stage.there.said(thing)).toEqual(['It works again.']);
        expect(stage.calls().changes).toBe(changes);
      });
    });

    describe('a tool that asks for patience', () => {
      test.each([
        [429, 17, 17],
        [503, 23, 23],
        [503, undefined, 5],
      ])('with %s and Retry-After %s is asked nothing for %s seconds', async (status, retryAfter, seconds) => {
        const thing = await settled();
        const push = await stirred(thing);
        stage.fail('any', { status, ...(retryAfter === undefined ? {} : { retryAfter }) });
        const { all } = stage.calls();
        const again = () => push().catch((error: unknown) => error);

        const first = await again();
        hub.app.clock.jump((seconds - 2) * 1_000);
        const second = await again();

        expect(first).toBeInstanceOf(RetryLater);
        expect([first, second]).toMatchObject([{ seconds }, { name: 'RetryLater', seconds: 2 }]);
        expect(stage.calls().all - all).toBe(1);
        hub.app.clock.jump(2_000);
        await push();
        await expectDone(thing);
      });

      test('for long is left alone for longer each time', async () => {
        const thing = await settled();
        const push = await stirred(thing);
        stage.fail('any', { status: 502, times: 4 });
        const pauses: number[] = [];
        for (let attempt = 0; attempt < 4; attempt += 1) {
          const error = await push().catch((thrown: unknown) => thrown);
          const { seconds } = error as RetryLater;
          pauses.push(seconds);
          hub.app.clock.jump(seconds * 1_000);
        }

        expect(pauses).toEqual([5, 10, 20, 40]);
        await push();
      });

      testBothWays('leaves a webhook that needs it in the inbox, which is applied later', async () => {
        const thing = await settled();
        stage.fail('reading', { status: 429, retryAfter: 60, times: 2 });
        stage.there.move(thing, 'begun');
        await hub.settle();

        expect(await stage.here.standing(thing)).toBe('begun');
      });

      test('holds up no other account', async () => {
        const thing = await settled();
        const push = await stirred(thing);
        const other = await stage.another();
        stage.fail('any', { status: 429, retryAfter: 60 });
        await expect(push()).rejects.toBeInstanceOf(RetryLater);

        await hub.pushAgain(thing, stage.events.made, other.connector);
        const copies = other.copies(thing);
        await other.stop();

        expect(copies).toHaveLength(1);
        hub.app.clock.jump(60_000);
        await push();
      });
    });

    test('an account is whose credentials work there, and what is wrong of them is said beside its field', async () => {
      expect(await stage.prove('right')).toMatchObject({ account: hub.connector.account });

      const refused = await stage.prove('wrong').catch((error: unknown) => error);

      expect(refused).toMatchObject({ code: 'invalid', say: expect.stringMatching(/\.$/) });
      expect(Object.keys((refused as DomainError).detail.fields ?? {})).toHaveLength(1);
    });

    test('credentials that the tool refuses are told as that, in a sentence', async () => {
      const thing = await stage.make();
      hub.app.asked.splice(0);
      const connector = await stage.refused();

      const error = await hub.pushAgain(thing, stage.events.made, connector).catch((thrown: unknown) => thrown);
      await connector.close?.();

      expect(error).not.toBeInstanceOf(RetryLater);
      expect(stage.refusal(error)).toMatch(/\w+ \w+/);
      expect(stage.refusal(new Error('anything else'))).toBeNull();
    });

    describe('a webhook', () => {
      test.each(['wrong', 'unsigned', 'another account'] as const)('that is signed %s is not taken', async (how) => {
        const [before] = await hub.query('select count(*) as stored from inbox');

        expect(await stage.post(how)).toBeGreaterThanOrEqual(401);

        expect(await hub.query('select count(*) as stored from inbox')).toEqual([before]);
      });

      test('of a kind that nobody knows is kept for staff', async () => {
        expect(await stage.post('unknown')).toBe(200);
        await hub.settle();

        expect(await last()).toMatchObject([{ status: 'quarantined' }]);
      });

      test('that comes again changes nothing, and every one is accounted for', async () => {
        const thing = await settled();
        if (!isOneWay) stage.there.say(thing, 'Found it.');
        stage.there.move(thing, 'begun');
        if (isOneWay) stage.there.move(thing, 'done');
        await hub.settle();
        const [before] = await ledger(hub.app, hub.firm.tenantId);

        for (let time = 0; time < 10; time += 1) stage.webhooks.resend(2);
        await hub.settle();

        const [after] = await ledger(hub.app, hub.firm.tenantId);
        const [received, duplicate] = [Number(before?.received) + 20, Number(before?.duplicate) + 20];
        expect(after).toEqual({ ...before, received, duplicate });
        expect(received).toBe(Number(after?.applied) + duplicate + Number(after?.quarantined));
        if (!isOneWay) expect(await stage.here.said(thing)).toHaveLength(1);
      });

      test('that is overtaken by a later one leaves what is newest', async () => {
        const thing = await settled();
        stage.webhooks.hold();
        stage.there.move(thing, 'begun');
        stage.there.move(thing, 'done');

        stage.webhooks.releaseBackwards();
        await hub.settle();

        expect(await stage.here.standing(thing)).toBe('done');
        expect(await last(2)).toMatchObject([{ status: 'applied' }, { status: 'duplicate' }]);
        expect(await moves(thing)).toHaveLength(1);
      });

      test('that never comes is found by looking, once, and is a duplicate when it is late', async () => {
        const [thing, other] = [await settled(), isOneWay ? await settled() : ''];
        await hub.reconcile();
        await hub.settle();
        stage.webhooks.lose(2);
        if (isOneWay) stage.there.move(thing, 'begun');
        else stage.there.say(thing, 'It works again.');
        stage.there.move(thing, 'done');
        if (isOneWay) stage.there.move(other, 'done');
        else stage.there.say(thing, 'This one arrives.');
        await hub.settle();

        const [first] = await hub.reconcile();
        await hub.settle();
        const [second] = await hub.reconcile();
        await hub.settle();

        expect([first, second]).toMatchObject([{ connector: name, recovered: 2 }, { recovered: 0 }]);
        expect(await stage.here.standing(thing)).toBe('done');
        if (!isOneWay) expect((await stage.here.said(thing)).sort()).toEqual(['It works again.', 'This one arrives.']);

        stage.webhooks.resend(3);
        await hub.settle();
        if (!isOneWay) expect(await stage.here.said(thing)).toHaveLength(2);
        expect(await moves(thing)).toHaveLength(1);
      });
    });
  });
}
