import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Module, Who } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import { buttonsOf, encodePress } from '../core/kernel/card.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Registry } from '../core/kernel/registry.ts';
import { commandOf, readView, showView } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { Tried } from './area-world.ts';
import { namesOf, readyFor } from './example-press.ts';
import type { Made } from './examples.ts';
import { doersOf, givenFor, madeOn } from './examples.ts';
import { withoutModule } from './roles.ts';

/** What every view must do, whatever it shows. */
export function viewContract(view: AnyView, tried: () => Tried): void {
  describe(view.name, () => {
    const show = async (who: Who, made: Made): Promise<{ card: Card } | { refused: string }> => {
      const given = givenFor(tried().examples, view, made);
      const names = namesOf(view).filter((name) => given[name] !== undefined);
      const input = Object.fromEntries(names.map((name) => [name, given[name] as string]));
      try {
        const press = { target: view.name, input };
        const card = await showView(tried().own.app, who, press);
        // What it reads is what it says that it reads, and its JSON says the same.
        const data = await readView(tried().own.app, who, press);
        const json = JSON.stringify(z.encode(view.output, data));
        expect(view.output.parse(JSON.parse(json))).toEqual(data);
        return { card };
      } catch (error) {
        if (error instanceof DomainError) return { refused: error.code };
        throw error;
      }
    };
    const everybody = async () => {
      const { own, examples } = tried();
      const made = await readyFor(own, examples, view);
      return { made, people: Object.entries(doersOf(own, made)) };
    };

    test('is shown to somebody, with buttons that lead somewhere, and tells of no other client', async () => {
      const { otherClient, otherFirm, examples, own } = tried();
      const { made, people } = await everybody();
      await Promise.all([otherClient, otherFirm].map((elsewhere) => madeOn(elsewhere, examples)));
      const shown: string[] = [];
      for (const [role, who] of people) {
        const answer = await show(who, made);
        if (!('card' in answer)) {
          expect({ role, ...answer }).toEqual({ role, refused: NO });
          continue;
        }
        shown.push(role);
        const { registry } = own.app;
        for (const { press } of buttonsIn(answer.card)) {
          encodePress(press);
          expect({ press, known: Boolean(commandOf(registry, press) ?? registry.views.get(press.target)) }).toEqual({
            press,
            known: true,
          });
        }
        const marks = isOfTheFirm(who, role) ? [otherFirm.mark] : [otherFirm.mark, otherClient.mark];
        const told = marks.filter((mark) => JSON.stringify(answer.card).includes(mark));
        expect({ role, told: role === 'other client' ? [] : told }).toEqual({ role, told: [] });
      }
      expect(shown).not.toEqual([]);
    });

    if (view.module !== null)
      test('is shown to nobody who has no right to its module', async () => {
        const { made, people } = await everybody();
        for (const [role, who] of people.filter(([, { kind }]) => kind === 'person')) {
          const answer = await withoutModule(tried().own.app, who, view.module ?? 'projects', () => show(who, made));
          expect({ role, ...answer }).toEqual({ role, refused: NO });
        }
      });

    test('offers nothing of a module to whoever has no right to it', async () => {
      const { made, people } = await everybody();
      const { app } = tried().own;
      for (const module of ['projects', 'tickets'] as const)
        for (const [role, who] of people.filter(([, { kind }]) => kind === 'person')) {
          const answer = await withoutModule(app, who, module, () => show(who, made));
          const targets = 'card' in answer ? buttonsIn(answer.card).map(({ press }) => press.target) : [];
          const offered = targets.filter((target) => moduleOf(app.registry, target) === module);
          expect({ role, module, offered }).toEqual({ role, module, offered: [] });
        }
    });

    test('asked for what is another client’s, or another firm’s, tells nothing of it', async () => {
      const { otherClient, otherFirm, examples } = tried();
      const { made, people } = await everybody();
      for (const elsewhere of [otherClient, otherFirm]) {
        const foreign = await readyFor(elsewhere, examples, view);
        for (const [role, who] of people) {
          if (elsewhere === otherClient && isOfTheFirm(who, role)) continue;
          const answer = await show(who, { ...made, ...foreign });
          expect({ role, told: JSON.stringify(answer).includes(elsewhere.mark) && role !== 'other client' }).toEqual({
            role,
            told: false,
          });
        }
      }
    });
  });
}

/** Not for this actor: that it is not there says no more than that they may not. */
const NO = expect.stringMatching(/^(forbidden|not_found)$/);

function isOfTheFirm(who: Who, role: string): boolean {
  return who.kind === 'system' || who.kind === 'integration' || ['admin', 'partner', 'triage room'].includes(role);
}

function moduleOf(registry: Registry, target: string): Module | null {
  const command = commandOf(registry, { target, input: {} });
  return registry.views.get(target)?.module ?? command?.module ?? command?.about?.thing.module ?? null;
}

function buttonsIn(card: Card) {
  const inLists = card.blocks.flatMap((block) =>
    block.kind === 'list' ? block.items.flatMap(({ button }) => button ?? []) : [],
  );
  const form = card.blocks.find((block) => block.kind === 'form');
  return [...buttonsOf(card), ...inLists, ...(form ? [form.submit] : [])];
}
