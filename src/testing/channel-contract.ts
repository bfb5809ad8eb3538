import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Channel, MessageRef } from '../bots/channel.ts';
import { MessageGone, RateLimited, Undeliverable } from '../bots/channel.ts';
import type { ChannelName } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import { ledger } from '../core/kernel/inbox.ts';
import { RetryLater } from '../core/kernel/jobs.ts';
import { sampleCards } from './cards.ts';
import type { ContractHub, ContractPerson } from './contract-hub.ts';
import { contractHub } from './contract-hub.ts';

/** Something that a person did, and how to let the platform deliver it once more. */
export interface Acted {
  /** The HTTP status that the platform got; 0 where it is asked for none. */
  status: number;
  again(): Promise<{ status: number }>;
}

/** What the suite asks of a channel's stand-in. Each channel writes one, and gets all tests for it. */
export interface ChannelStage {
  channel: Channel;
  /** Every way in which the channel would show the card, against the platform's limits: none when it would be taken. */
  check(card: Card): string[];
  /** What everybody in the room reads on a message; null when it is not there. */
  shown(ref: MessageRef): string | null;
  /** The labels of the buttons that a message shows without anything being opened. */
  onFace(ref: MessageRef): string[];
  /** Presses the button of this label, as the person sees it: on the card's face or behind "More…". */
  press(ref: MessageRef, label: string, by: ContractPerson): Promise<Acted>;
  /** Presses what no version of Parley drew. */
  pressNonsense(ref: MessageRef, by: ContractPerson): Promise<Acted>;
  /** Sends the form that is open for the person. */
  submit(typed: Record<string, string>, by: ContractPerson): Promise<Acted>;
  /** All that the person is shown and others are not (a form, a refusal), and what is said to them by name. */
  told(by: ContractPerson): string;
  /** Says something in the thread of a message, or (null) in the room. */
  say(text: string, by: ContractPerson, thread: MessageRef | null): Promise<Acted>;
  /** Somebody deletes a message. */
  drop(ref: MessageRef): void;
  /** Parley loses the room, and gets it back. */
  setOut(isOut: boolean): void;
  /** The next call fails so; `retryAfter` in seconds. Lost: it takes effect, but its answer does not arrive. */
  failNext(fault: { retryAfter?: number; whole?: boolean; status?: number; lost?: boolean }): void;
  /** Sends something that is not signed as it must be; the status. */
  forge(how: 'wrong' | 'old' | 'unsigned'): Promise<number>;
  /** Sends something properly signed that this version knows nothing of; the status. */
  sendUnknown(): Promise<number>;
  /** Forgets what single people are shown, and undoes what a rate limit left behind. */
  reset(): Promise<void>;
  /** What the platform found wrong with what it was sent. */
  complaints(): string[];
  /** What of the contract the platform has no way for, and why. */
  lacks?: Partial<Record<Lacked, string>>;
  close(): Promise<void>;
}

/** What a platform may have no way for; whoever lacks it says why, and it is printed. */
export type Lacked =
  | 'find'
  | 'thread'
  | 'old'
  | 'account limit'
  | 'edit'
  | 'retry after'
  | 'lost room'
  | 'outage'
  | 'form for strangers'
  | 'unreadable press'
  | 'face'
  | 'boxes'
  | 'stale form';

const card: Card = {
  title: 'Hello',
  tone: 'info',
  blocks: [{ kind: 'text', text: 'World' }],
  actions: [{ kind: 'button', label: 'Press', press: { target: 'home.work', input: {} } }],
  fallback: 'Hello',
  about: { entity: 'thing', id: 'x', version: 1 },
};

/** What every channel must do: run it with a stage over the channel's stand-in. */
export function channelContract(name: ChannelName, begin: (hub: ContractHub) => Promise<ChannelStage>): void {
  describe(`the contract of a channel, kept by ${name}`, () => {
    let hub: ContractHub;
    let stage: ChannelStage;

    beforeAll(async () => {
      hub = await contractHub(name);
      stage = await begin(hub);
      await hub.work();
    });
    afterAll(async () => {
      await stage?.close();
      await hub?.close();
    });
    beforeEach(async () => {
      await stage.reset();
      await setProject({ name: 'Acme website', stage: 'build', version: 1 });
    });
    afterEach(() => {
      expect(stage.complaints().splice(0)).toEqual([]);
    });

    const setProject = (to: { name?: string; stage?: string; version: number }) =>
      hub.owner(
        'update project set name = coalesce($2, name), stage = coalesce($3, stage), version = $4 where id = $1',
        [hub.firm.acme.project, to.name ?? null, to.stage ?? null, to.version],
      );
    const projectNow = async () =>
      (await hub.owner('select name, stage, version from project where id = $1', [hub.firm.acme.project]))[0];
    const events = (event: string) =>
      hub.owner('select data, actor, request_id from event where tenant_id = $1 and name = $2 order by seq', [
        hub.firm.tenantId,
        event,
      ]);
    const inbox = () => hub.owner('select kind, status, outcome from inbox order by seq');
    const send = (given: Card = card, thread: MessageRef | null = null, cardId: string = randomUUID()) =>
      stage.channel.send(hub.room, given, { cardId, thread });
    const alone = () => ({ cardId: randomUUID(), thread: null });
    const heard = (words: string, by: ContractPerson) => untilTold(() => stage.told(by), words);
    /** Says why a test has nothing to look at there: the reason is printed. */
    const lacking = (what: keyof NonNullable<ChannelStage['lacks']>) => {
      const why = stage.lacks?.[what];
      if (why) console.log(`${name} has no ${what}: ${why}`);
      return why !== undefined;
    };

    describe('a card', () => {
      test('is read by everybody, changed in place, and taken away again', async () => {
        const ref = await send();
        expect(stage.shown(ref)).toContain('World');
        if (lacking('edit')) return expect(stage.channel.can.edit).toBe(false);

        await stage.channel.update(hub.room, ref, { ...card, title: 'Changed' }, alone());
        expect(stage.shown(ref)).toContain('Changed');

        if (stage.channel.remove) {
          await stage.channel.remove(hub.room, ref);
          expect(stage.shown(ref)).toBeNull();
          await expect(stage.channel.remove(hub.room, ref)).resolves.toBeUndefined();
        } else expect(stage.channel.find).toBeUndefined();
        return undefined;
      });

      test('of which nobody knows whether it arrived is found by its name, in the room and in a thread', async () => {
        if (lacking('find')) return expect(stage.channel.find).toBeUndefined();
        const since = new Date();
        const first = await send(card, null, 'first');
        await send(card, first);
        stage.failNext({ lost: true });
        await expect(send(card, first, 'second')).rejects.toThrow();
        await stage.reset();

        const find = (cardId: string, thread: MessageRef | null, from = since) =>
          stage.channel.find?.(hub.room, { cardId, thread }, from);
        expect(await find('first', null)).toMatchObject([{ id: first.id }]);
        expect(await find('second', first)).toHaveLength(1);
        expect(await find('third', null)).toEqual([]);
        expect(await find('first', null, new Date(Date.now() + 3_600_000))).toEqual([]);
        return undefined;
      });

      test('that belongs to another goes with it, and to the room when that one is gone', async () => {
        const first = await send();
        const second = await send({ ...card, title: 'In its thread' }, first);
        expect(stage.shown(second)).toContain('In its thread');
        if (lacking('thread')) return;

        stage.drop(first);
        const third = await send({ ...card, title: 'News' }, first);
        expect(stage.shown(third)).toContain('News');
      });

      test('that somebody deleted is given up, and not its room', async () => {
        const ref = await send();
        if (lacking('edit')) return;
        stage.drop(ref);

        const updating = stage.channel.update(hub.room, ref, card, alone());

        await expect(updating).rejects.toBeInstanceOf(MessageGone);
        await expect(send()).resolves.toMatchObject({ id: expect.any(String) });
      });

      test('for a room that Parley lost is undeliverable, in words that help staff', async () => {
        stage.setOut(true);

        const failed = await send().catch((error: unknown) => error);
        stage.setOut(false);

        expect(failed).toBeInstanceOf(Undeliverable);
        expect(failed).not.toBeInstanceOf(MessageGone);
        if (lacking('lost room')) return;
        expect((failed as Error).message).toMatch(/Invite|Add|bind/);
      });

      test('too many make a pause as long as the platform says, for the room', async () => {
        if (lacking('retry after')) return;
        stage.failNext({ retryAfter: 17 });

        const failed = await send().catch((error: unknown) => error);

        expect(failed).toBeInstanceOf(RetryLater);
        expect(failed).toMatchObject({ seconds: 17 });
        expect((failed as Partial<RateLimited>).scope ?? 'room').toBe('room');
      });

      test('too many calls of the account make a pause for all of it', async () => {
        const ref = await send();
        if (lacking('account limit')) return;
        stage.failNext({ retryAfter: 9, whole: true });

        const failed = await stage.channel.update(hub.room, ref, card, alone()).catch((error: unknown) => error);

        expect(failed).toBeInstanceOf(RateLimited);
        expect(failed).toMatchObject({ seconds: 9, scope: 'account' });
      });

      test('that the platform itself could not take is left to the queue', async () => {
        stage.failNext({ status: 502 });

        const failed = await send().catch((error: unknown) => error);

        expect(failed).toBeInstanceOf(Error);
        expect(failed).not.toBeInstanceOf(Undeliverable);
        expect(failed).not.toBeInstanceOf(RetryLater);
      });

      test.each(Object.entries(sampleCards))('%s keeps to the limits, and is taken', async (_, sample) => {
        expect(stage.check(sample)).toEqual([]);

        const ref = await send(sample);
        if (stage.lacks?.edit) return;
        await stage.channel.update(hub.room, ref, { ...sample, title: 'Drawn again' }, alone());

        expect(stage.shown(ref)).toContain('Drawn again');
      });
    });

    describe('a press', () => {
      test('is done by the one who pressed, and the card draws itself again', async () => {
        const { ref, cardId } = await hub.post();
        const before = (await events('test.finished')).length;

        expect((await stage.press(ref, 'Finish', 'staff')).status).toBe(200);

        expect((await events('test.finished')).slice(before)).toMatchObject([
          { actor: { name: 'Ada Admin', channel: name } },
        ]);
        expect(stage.told('contact')).toBe('');
        if (lacking('edit')) return;
        await hub.redraw(cardId);
        expect(stage.shown(ref)).toContain('Version 2');
      });

      test('that is delivered twice acts once', async () => {
        const { ref } = await hub.post();
        const before = (await events('test.finished')).length;
        const pressed = await stage.press(ref, 'Finish', 'staff');

        expect((await pressed.again()).status).toBe(200);

        expect(await events('test.finished')).toHaveLength(before + 1);
      });

      test('on an old card changes nothing, and says what changed and what is there now', async () => {
        const { ref } = await hub.post();
        await setProject({ name: 'Acme shop', version: 2 });

        await stage.press(ref, 'Finish', 'staff');

        await heard('This card was drawn before the last change.', 'staff');
        for (const words of ['the name is now Acme shop', 'Version 2']) expect(stage.told('staff')).toContain(words);
        expect(stage.told('contact')).toBe('');
        expect(await projectNow()).toMatchObject({ stage: 'build', version: 2 });
      });

      test('by somebody who may not is refused with the reason, to them alone', async () => {
        const { ref } = await hub.post();

        await stage.press(ref, 'Finish', 'contact');

        await heard('You may not do this.', 'contact');
        expect(stage.told('staff')).toBe('');
        expect(await projectNow()).toMatchObject({ stage: 'build' });
      });

      test('by somebody unknown shows them how to link, and that form works', async () => {
        const { ref } = await hub.post();

        await stage.press(ref, 'Finish', 'stranger');
        if (lacking('form for strangers')) {
          await untilTold(() => stage.told('stranger'), /know/);
          expect(await projectNow()).toMatchObject({ stage: 'build' });
          return;
        }
        await heard('Link your account', 'stranger');
        await stage.submit({ email: 'new@acme.example' }, 'stranger');

        await heard('Check your mail', 'stranger');
        expect((await events('identity.code-requested')).at(-1)).toMatchObject({ data: { email: 'new@acme.example' } });
        expect(await projectNow()).toMatchObject({ stage: 'build' });
      });

      test('on what stands behind “More…” is one like any other', async () => {
        const [shown, closed] = [await hub.post(), await hub.post()];

        await stage.press(shown.ref, 'My work', 'contact');
        await heard('Work of', 'contact');
        await stage.press(closed.ref, 'Close', 'contact');
        await heard('You may not do this.', 'contact');
        const pressed = await stage.press(closed.ref, 'Close', 'staff');
        expect((await pressed.again()).status).toBe(200);

        expect(await projectNow()).toMatchObject({ stage: 'closed', version: 2 });
        if (lacking('face')) return;
        expect(stage.onFace(shown.ref)).toEqual(['Finish', 'Rename…', 'Details']);
      });

      test('that opens something shows it to this person alone', async () => {
        const { ref } = await hub.post();

        await stage.press(ref, 'Details', 'contact');

        await heard('How is it going?', 'contact');
        expect(stage.told('staff')).toBe('');
      });

      test('that nobody can read is answered, and kept for staff', async () => {
        const { ref } = await hub.post();
        if (lacking('unreadable press')) return;

        expect((await stage.pressNonsense(ref, 'staff')).status).toBe(200);

        await untilTold(() => stage.told('staff'), /old/);
        await hub.work();
        expect((await inbox()).at(-1)).toMatchObject({ status: 'quarantined' });
      });
    });

    describe('a form', () => {
      const open = async () => {
        const { ref } = await hub.post();
        await stage.press(ref, 'Rename…', 'staff');
        // Not the button that opens it: an answer of the test before may come late and hold that.
        await untilTold(() => stage.told('staff'), /Rename(?!…)/);
      };

      test('with a mistake says so beside what was typed, and takes the right answer after it', async () => {
        await open();

        await stage.submit({ name: 'ab' }, 'staff');
        await heard('Please write at least three letters.', 'staff');
        expect(await projectNow()).toMatchObject({ name: 'Acme website' });

        await stage.submit({ name: 'Acme shop' }, 'staff');
        expect(await projectNow()).toMatchObject({ name: 'Acme shop', version: 2 });
        expect(stage.told('contact')).toBe('');
      });

      test('that is delivered twice acts once', async () => {
        await open();
        const before = (await events('test.renamed')).length;

        const sent = await stage.submit({ name: 'Acme shop' }, 'staff');
        expect((await sent.again()).status).toBe(200);

        expect(await events('test.renamed')).toHaveLength(before + 1);
      });

      test('that is out of date says what changed', async () => {
        if (lacking('stale form')) return;
        await open();
        await setProject({ name: 'Acme market', version: 2 });

        await stage.submit({ name: 'Acme shop' }, 'staff');

        await heard('the name is now Acme market', 'staff');
        expect(await projectNow()).toMatchObject({ name: 'Acme market' });
      });

      test('sent in an outage is not done, and can be sent again', async () => {
        if (lacking('outage')) return;
        await open();
        const { inbound } = hub.tools;
        const { press } = inbound;
        inbound.press = async () => ({ kind: 'refused', code: 'unavailable', say: 'No database.', card: null });
        await stage.submit({ name: 'Acme shop' }, 'staff').finally(() => {
          inbound.press = press;
        });
        await heard('No database.', 'staff');

        await stage.submit({ name: 'Acme shop' }, 'staff');

        expect(await projectNow()).toMatchObject({ name: 'Acme shop', version: 2 });
      });
    });

    describe('boxes', () => {
      const open = async () => {
        const { ref } = await hub.post();
        await stage.press(ref, 'Pick…', 'staff');
        await heard('Pick parts', 'staff');
      };
      const picked = async () => (await events('test.picked')).map(({ data }) => (data as { parts: string[] }).parts);

      test('that are ticked are taken, in the order in which they were offered', async () => {
        await open();
        const before = (await picked()).length;

        const sent = await stage.submit({ parts: 'c, b' }, 'staff');
        expect((await sent.again()).status).toBe(200);

        expect((await picked()).slice(before)).toEqual([['b', 'c']]);
        expect(stage.told('contact')).toBe('');
      });

      test('of which none is ticked are an answer; where nobody sees them it is given in words', async () => {
        await open();
        const before = (await picked()).length;

        await stage.submit({ parts: '' }, 'staff');
        if (lacking('boxes')) {
          await heard('“Parts” is missing', 'staff');
          expect(await picked()).toHaveLength(before);
          await stage.submit({ parts: 'none' }, 'staff');
        }

        expect((await picked()).slice(before)).toEqual([[]]);
      });

      test('that are not offered any more do nothing, and it is said which', async () => {
        await open();
        const before = (await picked()).length;
        await setProject({ stage: 'closed', version: 2 });

        await stage.submit({ parts: 'a, b' }, 'staff');

        await heard('there is no option b: the options are a', 'staff');
        expect(await picked()).toHaveLength(before);
      });
    });

    describe('words', () => {
      const answered = async () => (await events('test.answered')).map(({ data }) => (data as { body: string }).body);
      const last = async () => (await inbox()).filter(({ status }) => status !== 'duplicate').at(-1);

      test('in the thread of a card are stored, and become an answer to its thing', async () => {
        const { ref } = await hub.post();

        await stage.say('Looks good & works', 'staff', ref);

        await untilTold(async () => JSON.stringify(await last()), '"waiting"');
        await hub.work();
        expect(await last()).toMatchObject({ status: 'applied' });
        expect((await answered()).at(-1)).toBe('Looks good & works');
      });

      test('that are delivered twice count once', async () => {
        const { ref } = await hub.post();
        const said = await stage.say('Once only', 'staff', ref);
        await untilTold(async () => JSON.stringify(await last()), '"waiting"');

        await said.again();
        await untilTold(async () => JSON.stringify(await inbox()), '"duplicate"');
        await hub.work();

        expect((await answered()).filter((body) => body === 'Once only')).toHaveLength(1);
      });

      test('of somebody unknown are not taken, and they are told how to link', async () => {
        const { ref } = await hub.post();
        const before = (await answered()).length;

        await stage.say('Hello?', 'stranger', ref);
        await untilTold(async () => JSON.stringify(await last()), '"waiting"');
        await hub.work();

        expect(await answered()).toHaveLength(before);
        await untilTold(() => stage.told('stranger'), lacking('form for strangers') ? /know/ : /[Ll]ink/);
      });

      test('of somebody who may not answer are told so', async () => {
        const { ref } = await hub.post();
        const before = (await answered()).length;

        await stage.say('Let me in', 'contact', ref);
        await untilTold(async () => JSON.stringify(await last()), '"waiting"');
        await hub.work();

        expect(await answered()).toHaveLength(before);
        await untilTold(() => stage.told('contact'), 'You may not do this.');
      });

      test('that are not for us are no answer', async () => {
        const before = (await answered()).length;

        await stage.say('Lunch?', 'staff', null);
        await hub.work();

        expect(await answered()).toHaveLength(before);
      });
    });

    describe('the door', () => {
      test.each(['wrong', 'unsigned'] as const)('refuses what is signed %s', async (how) => {
        expect(await stage.forge(how)).toBe(401);
      });

      test('refuses what was signed long ago', async () => {
        if (lacking('old')) return;
        expect(await stage.forge('old')).toBe(401);
      });

      test('acknowledges what it does not know, and keeps it for staff', async () => {
        const before = (await inbox()).length;

        expect(await stage.sendUnknown()).toBeGreaterThanOrEqual(200);
        await hub.work();

        expect((await inbox()).slice(before)).toMatchObject([{ status: 'quarantined' }]);
      });

      test('loses nothing: what was received adds up', async () => {
        const adds = async () => {
          await hub.work();
          const lines = await ledger(hub.app, hub.firm.tenantId);
          return lines.every((line) => line.received === line.applied + line.duplicate + line.quarantined);
        };
        // Some platforms tell of our own messages a little later.
        await untilTold(async () => String(await adds()), 'true');
        expect((await ledger(hub.app, hub.firm.tenantId)).map(({ source }) => source)).toEqual([name]);
      });
    });
  });
}

/** Waits until words are there; what is there instead stands in the failure. */
async function untilTold(look: () => string | Promise<string>, words: string | RegExp): Promise<void> {
  const deadline = Date.now() + 4_000;
  for (;;) {
    const found = await look();
    if (typeof words === 'string' ? found.includes(words) : words.test(found)) return;
    if (Date.now() > deadline) {
      expect(found).toMatch(words);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
