import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { ASSURANCES } from '../core/kernel/actor.ts';
import type { Answer } from '../core/kernel/answer.ts';
import { formOf } from '../core/kernel/card.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { withActor } from '../core/kernel/context.ts';
import { isNeeded } from '../core/kernel/field.ts';
import { comparable } from '../core/kernel/hidden.ts';
import type { Area } from '../core/kernel/registry.ts';
import type { Secrets } from '../core/kernel/secrets.ts';
import type { ThingCommand } from '../core/kernel/thing-command.ts';
import type { Tried } from './area-world.ts';
import type { Pressed } from './example-press.ts';
import { askedIn, buttonsFor, inputFor, namesOf, press, pressOf, readyFor, take, thingOf } from './example-press.ts';
import type { Doer, Examples, Made, Stage } from './examples.ts';
import { doersFor, doersOf, givenFor, madeOn } from './examples.ts';
import { may, withoutModule } from './roles.ts';

/** A command that is possible, by somebody who may do it. */
interface Ready {
  made: Made;
  role: Doer;
  who: Who;
  pressed: Pressed;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What every command must do, whatever it does. */
export function commandContract(command: AnyCommand, area: Area, tried: () => Tried): void {
  describe(command.name, () => {
    /** Who of the matrix may, and who may not. */
    let allowed: Doer[];
    let refused: Doer[];

    beforeAll(async () => {
      const { own, examples } = tried();
      const made = await readyFor(own, examples, command);
      const answers: [Doer, string][] = [];
      for (const [role, who] of Object.entries(doersFor(own, made, command)) as [Doer, Who][])
        answers.push([
          role,
          await may(own.app, command, who, inputFor(own, command, givenFor(examples, command, made))),
        ]);
      allowed = answers.flatMap(([role, answer]) => (answer === 'yes' ? [role] : []));
      refused = answers.flatMap(([role, answer]) => (answer === 'yes' ? [] : [role]));
    });

    const ready = async (role = allowed[0]): Promise<Ready> => {
      const { own, examples } = tried();
      if (!role) throw new Error(`nobody may ${command.name} what the examples make`);
      const made = await readyFor(own, examples, command);
      const who = doersFor(own, made, command)[role] as Who;
      return { made, role, who, pressed: await pressOf(own, examples, command, made, who) };
    };
    /** Tries something that must change nothing; what it answered. */
    const inVain = async (who: Who, pressed: Pressed): Promise<Answer> => {
      const { own, acts } = tried();
      const before = await acts();
      const answer = await press(own, who, pressed);
      expect({ answer: answer.kind, acts: await acts() }).toEqual({ answer: answer.kind, acts: before });
      return answer;
    };

    test('is done by everybody who may, and leaves what happened', async () => {
      for (const role of [...allowed]) {
        const { who, pressed } = await ready(role);
        const before = await tried().acts();

        const answer = await press(tried().own, who, pressed);

        // What a command does not read before it writes is found out by the write.
        if (answer.kind === 'refused' && answer.code === 'not_found') {
          allowed = allowed.filter((one) => one !== role);
          refused.push(role);
          continue;
        }
        expect({ role, answer }).toMatchObject({ role, answer: { kind: 'done' } });
        expect(await tried().acts()).toBeGreaterThan(before);
      }
      expect(allowed).not.toEqual([]);
    });

    test('is refused to everybody else, who are shown neither its button nor its form', async () => {
      const { made, pressed } = await ready();
      const everybody = doersFor(tried().own, made, command);
      for (const role of refused) {
        const who = everybody[role] as Who;

        expect({ role, answer: await inVain(who, pressed) }).toMatchObject({ role, answer: { code: NO } });
        const { form: _typed, ...opening } = pressed;
        if (command.form && !command.form.wide && who.kind === 'person')
          expect({ role, kind: (await inVain(who, opening)).kind }).not.toEqual({ role, kind: 'form' });
        const buttons = await buttonsFor(tried().own, command, made, who);
        if (who.kind === 'person') expect({ role, buttons }).toEqual({ role, buttons: [] });
      }
    });

    const module = command.about?.thing.module;
    if (module)
      test('is refused to whoever has no right to the module of its thing', async () => {
        const { app } = tried().own;
        const { made, pressed } = await ready();
        const people = allowed.map((role) => doersFor(tried().own, made, command)[role] as Who);
        for (const who of people.filter(({ kind }) => kind === 'person')) {
          const { form: _typed, ...opening } = pressed;
          const answers = await withoutModule(app, who, module, async () => [
            ...[await inVain(who, pressed), ...(command.form ? [await inVain(who, opening)] : [])],
          ]);
          for (const answer of answers) expect(answer).toMatchObject({ code: NO });
        }
      });

    if (typeof command.assurance === 'string' && command.assurance !== ASSURANCES[0])
      test('is refused to whoever is not known surely enough', async () => {
        const { who, pressed } = await ready();
        if (who.kind !== 'person') return;

        expect(await inVain({ ...who, assurance: ASSURANCES[0] }, pressed)).toMatchObject({ code: 'forbidden' });
      });

    test('asked for twice under one name answers the same, and is done once', async () => {
      const { who, pressed } = await ready();
      const first = await press(tried().own, who, pressed, `asked twice ${command.name}`);
      expect(first).toMatchObject({ kind: 'done' });
      const before = await tried().acts();

      const second = await press(tried().own, who, pressed, `asked twice ${command.name}`);

      // What is shown once is not shown again by that.
      expect(second).toEqual({ ...first, replayed: true, shown: undefined });
      expect(await tried().acts()).toBe(before);
    });

    test('asked for once more is done or refused in words, with the thing as it is', async () => {
      const { who, pressed } = await ready();
      await press(tried().own, who, pressed);

      const again = await press(tried().own, who, pressed);

      expect(['done', 'stale', 'refused', 'invalid']).toContain(again.kind);
      if (again.kind !== 'done') expect(again).toMatchObject({ say: expect.stringMatching(/\.$/) });
    });

    if (hasStates(command))
      test('is refused where it is not possible, with the thing as it is, and its card has no button for it', async () => {
        const { who, made, pressed } = await impossible(tried(), command, area, await ready());

        expect(await buttonsFor(tried().own, command, made, who)).not.toContainEqual(pressed.press);
        const answer = await inVain(who, pressed);

        expect(answer).toMatchObject({ kind: 'refused', code: 'conflict', say: expect.stringMatching(/\.$/) });
        expect(answer).toMatchObject({ card: { about: { entity: command.about?.thing.name } } });
      });

    if (isVersioned(command))
      test('on an old card is refused with what changed, and nothing is done', async () => {
        const { who, pressed } = await ready();
        const { target, input } = pressed.press;

        const answer = await inVain(who, {
          ...pressed,
          press: { target, input: { ...input, version: String(Number(input.version) - 1) } },
        });

        expect(answer).toMatchObject({ kind: 'stale', changes: expect.arrayContaining([expect.any(String)]) });
        expect(answer).toMatchObject({ card: expect.anything() });
      });

    if (command.form)
      test('without what it asks is answered with its form, which asks exactly that', async () => {
        const { who, pressed } = await ready();
        const { form: _typed, ...opening } = pressed;

        const answer = await inVain(who, opening);

        expect(answer.kind).toBe('form');
        const shown = answer.kind === 'form' ? formOf(answer.card)?.fields.map(({ name }) => name) : [];
        expect(shown?.sort()).toEqual(askedIn(command).sort());
      });

    if (command.form)
      test('takes of a form what the form showed, and nothing else', async () => {
        const { own } = tried();
        const { who, pressed } = await ready();
        const others = [...namesOf(command), 'nonsense', 'tenantId'].filter((name) => !askedIn(command).includes(name));
        const forged = Object.fromEntries(others.map((name) => [name, crypto.randomUUID()]));

        expect(await press(own, who, { ...pressed, form: { ...pressed.form, ...forged } }, 'forged')).toMatchObject({
          kind: 'done',
        });

        const [kept] = await own.owner(`delete from request where request_id = 'forged' returning input_hash`);
        expect(kept?.input_hash).toBe(hashOf(own.app.secrets, command, pressed));
      });

    test('with what is another client’s, or another firm’s, is refused, and nothing is told of it', async () => {
      for (const elsewhere of [tried().otherClient, tried().otherFirm]) {
        const foreign = await madeOn(elsewhere, tried().examples);
        const roles = allowed.filter((role) => elsewhere === tried().otherFirm || isOfOneClient(role));
        const { made, pressed } = await ready();
        for (const role of roles) {
          const who = doersFor(tried().own, made, command)[role] as Who;
          for (const odd of withForeign(pressed, made, foreign)) {
            const answer = await inVain(who, odd);
            expect({ role, odd, kind: answer.kind }).not.toMatchObject({
              kind: expect.stringMatching(/done|form|card/),
            });
            expect({ role, odd, answer: JSON.stringify(answer) }).not.toMatchObject({
              answer: expect.stringContaining(elsewhere.mark),
            });
          }
        }
      }
    });
  });
}

/** Not for this actor: that it is not there says no more than that they may not. */
const NO = expect.stringMatching(/^(forbidden|not_found)$/);

function isOfOneClient(role: Doer): boolean {
  return ['member', 'client admin', 'approver', 'viewer', 'feedback', 'the person'].includes(role);
}

/** The press once for each id in it, which is another's then. */
function withForeign(pressed: Pressed, made: Made, foreign: Made): Pressed[] {
  const swapped = (values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values).flatMap(([name, value]) => {
      const other = Object.entries(made).find(([key, one]) => one === value && isForeign(value, foreign[key]))?.[0];
      return other ? [{ ...values, [name]: foreign[other] as string }] : [];
    });
  const { target, input } = pressed.press;
  return [
    ...swapped(input).map((one) => ({ ...pressed, press: { target, input: one } })),
    ...swapped(pressed.form).map((form) => ({ ...pressed, form })),
  ];
}

function isForeign(own: string, foreign: string | undefined): boolean {
  return UUID.test(own) && foreign !== undefined && foreign !== own;
}

function hasStates(command: AnyCommand): command is ThingCommand<unknown> {
  return 'rules' in command && Boolean((command as ThingCommand<unknown>).rules.when);
}

function isVersioned({ input }: AnyCommand): boolean {
  const { version } = (input as unknown as { shape: Record<string, never> }).shape;
  return version !== undefined && isNeeded(version);
}

/** The input that a press comes to. */
function sentOf(command: AnyCommand, { press, form, known, place }: Pressed): Record<string, unknown> {
  const empty = Object.fromEntries(askedIn(command).map((name) => [name, '']));
  return command.input.parse({ ...empty, ...form, ...press.input, ...known, ...place });
}

function hashOf(secrets: Secrets, command: AnyCommand, pressed: Pressed): string {
  return createHash('sha256')
    .update(comparable(secrets, sentOf(command, pressed)))
    .digest('base64url');
}

/** Brings another thing of the kind to where the command is not possible: by it, or by another one of the area's commands. */
async function impossible(
  { own, examples }: Tried,
  command: ThingCommand<unknown>,
  { commands }: Area,
  { made, role, who, pressed }: Ready,
): Promise<Ready> {
  const { name: id = '' } = command.about?.thing ?? {};
  const isAbout = ({ about }: AnyCommand) => about?.thing.name === id;
  // What areas do to a thing of another one ends by what that one does to it.
  const others = [...commands, ...own.app.registry.commands.values()].filter(isAbout);
  for (const other of [command, ...others]) {
    const before = { ...made, ...(await readyFor(own, examples, other)) };
    if (!(await doneBySomebody(own, examples, before, other.name))) continue;
    // Some commands are tried on another one of the kind, like a draft beside what was sent.
    const moved = { ...before, [id]: givenFor(examples, other, before)[id] ?? '' };
    const it = await thingOf(own, command, moved, who);
    if (!it) continue;
    const { target, input } = pressed.press;
    const current = { ...input, [id]: it.id, ...('version' in input ? { version: String(it.version) } : {}) };
    const now = { ...pressed, press: { target, input: current } };
    const asked = sentOf(command, now);
    const isPossible = await withActor(own.app, who, async ({ actor }) => command.rules.when?.(it, actor, asked));
    if (isPossible !== true) return { role, who, made: moved, pressed: now };
  }
  throw new Error(`none of the area's commands leads to where ${command.name} is not possible`);
}

async function doneBySomebody(own: Stage, examples: Examples, made: Made, name: string): Promise<boolean> {
  for (const doer of Object.keys(doersOf(own, made)) as Doer[]) {
    const done = take(own, examples, made, doer, name);
    if (
      await done.then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}
