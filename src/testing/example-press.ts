import { z } from 'zod';
import type { Who } from '../core/kernel/actor.ts';
import type { Answer, Presses } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import type { Card, Field, Press } from '../core/kernel/card.ts';
import { formOf } from '../core/kernel/card.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { withActor } from '../core/kernel/context.ts';
import { isNeeded } from '../core/kernel/field.ts';
import { showView } from '../core/kernel/registry.ts';
import type { AnyThing, Identified } from '../core/kernel/thing-definition.ts';
import type { Doer, Examples, Made, Stage } from './examples.ts';
import { doersFor, givenFor, madeOn } from './examples.ts';

/** A press as it comes from a channel, not yet under a name of its own. */
export type Pressed = Omit<Presses, 'requestId'>;

export function press(
  stage: Stage,
  who: Who,
  pressed: Pressed,
  requestId: string = crypto.randomUUID(),
): Promise<Answer> {
  return answerPress(stage.app, who, { ...pressed, requestId });
}

/** Makes what a command is about, and brings it to where the command is possible. */
export async function readyFor(stage: Stage, examples: Examples, { name }: { name: string }): Promise<Made> {
  const made = await madeOn(stage, examples);
  for (const [role, step] of examples.more?.[name]?.after ?? []) await take(stage, examples, made, role, step);
  return made;
}

/** Does one command by its example. @throws Error when it is refused: the example is wrong then */
export async function take(stage: Stage, examples: Examples, made: Made, role: Doer, name: string): Promise<void> {
  const command = stage.app.registry.commands.get(name);
  if (!command) throw new Error(`the examples name ${name}, and there is no such command`);
  const who = doersFor(stage, made, command)[role];
  if (!who) throw new Error(`the examples make no person, and ${name} is to be done by them`);
  const answer = await press(stage, who, await pressOf(stage, examples, command, made, who));
  if (answer.kind !== 'done') throw new Error(`the example of ${name} as ${role} ends as ${JSON.stringify(answer)}`);
}

/** The press of a command by this actor: the button on the thing's card, and the form as it is proposed. */
export async function pressOf(
  stage: Stage,
  examples: Examples,
  command: AnyCommand,
  made: Made,
  who: Who,
): Promise<Pressed> {
  const given = givenFor(examples, command, made);
  const known = Object.fromEntries(
    (command.known ?? []).flatMap((name) => (given[name] !== undefined ? [[name, given[name]]] : [])),
  );
  const pressed: Pressed = {
    press: await buttonOf(stage, command, given, who),
    ...(Object.keys(known).length ? { known } : {}),
    ...(command.here ? { place: placeOf(stage) } : {}),
  };
  if (!command.form) return pressed;
  const card = await formFor(stage, openingOf(command, pressed, given), who);
  // What a form says it was filled from comes back with it.
  const seen = formOf(card)?.submit.press.input.seen;
  const { target, input } = pressed.press;
  return {
    ...pressed,
    press: { target, input: { ...input, ...(seen === undefined ? {} : { seen }) } },
    form: Object.fromEntries((formOf(card)?.fields ?? []).flatMap((field) => filled(field, given))),
  };
}

/** A room of the firm's workspace that nobody bound. */
function placeOf({ firm }: Stage) {
  return { channel: 'slack', account: firm.tenantId, address: `C-${crypto.randomUUID()}` };
}

/** The thing that a command is about, as this actor reads it; null where they do not. */
export async function thingOf(stage: Stage, { about }: AnyCommand, given: Made, who: Who): Promise<Identified | null> {
  const thing = about?.thing as AnyThing | undefined;
  const id = thing && given[thing.name];
  if (!thing || !id) return null;
  return withActor(stage.app, who, (context) => thing.read(context, id), { [thing.name]: id });
}

/** What this actor may press of a command on the thing's card. */
export async function buttonsFor(stage: Stage, command: AnyCommand, given: Made, who: Who): Promise<Press[]> {
  const it = await thingOf(stage, command, given, who);
  if (!it) return [];
  const actor = await withActor(stage.app, who, async (context) => context.actor);
  return command.about?.buttons(it, actor).map((button) => button.press) ?? [];
}

async function buttonOf(stage: Stage, command: AnyCommand, given: Made, who: Who): Promise<Press> {
  const asked = askedIn(command);
  const names = namesOf(command).filter((name) => !asked.includes(name) && !command.known?.includes(name));
  const brought = Object.fromEntries(names.flatMap((name) => (given[name] !== undefined ? [[name, given[name]]] : [])));
  if (!command.about) return { target: command.name, input: brought };
  const [button] = await buttonsFor(stage, command, given, who);
  if (button) return button;
  const it = await thingOf(stage, command, given, who);
  return { target: command.name, input: { ...brought, ...(it ? { version: String(it.version) } : {}) } };
}

/** A form that says what it was filled from is opened for what that is about. */
function openingOf(command: AnyCommand, pressed: Pressed, given: Made): Pressed {
  if (!namesOf(command).includes('seen')) return pressed;
  const { target, input } = pressed.press;
  const about = ['client', 'project'].filter((name) => askedIn(command).includes(name) && given[name] !== undefined);
  const of = Object.fromEntries(about.map((name) => [name, String(given[name])]));
  return { ...pressed, press: { target, input: { ...input, ...of } } };
}

/** The form that answers a press. */
function formFor({ app }: Stage, { press: { target, input }, known, place }: Pressed, who: Who): Promise<Card> {
  return showView(app, who, { target, input: { ...input, ...known, ...place } });
}

/** What a command's form asks. */
export function askedIn({ form }: AnyCommand): string[] {
  return Object.keys(form?.fields ?? {});
}

/** A field as somebody fills it in: with what the example says, what is proposed, or any words that are needed. */
function filled(field: Field, given: Made): [string, string][] {
  const value = given[field.name] ?? field.value ?? (field.required ? anyValue(field) : '');
  return value ? [[field.name, value]] : [];
}

function anyValue(field: Field): string {
  if (field.kind === 'date') return '2026-12-11';
  if (field.kind !== 'text') return field.options[0]?.value ?? '';
  return `Words for ${field.name}`.slice(0, field.maxLength);
}

/** The names of a command's inputs. */
export function namesOf(command: { input: z.ZodType }): string[] {
  return Object.keys(shapeOf(command));
}

function shapeOf({ input }: { input: z.ZodType }): Record<string, z.ZodType> {
  return (input as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
}

/**
 * A whole input of a command, before anything was shown: for whoever only asks what its rights are.
 * @throws Error for a needed input of which the examples say nothing
 */
export function inputFor(stage: Stage, command: AnyCommand, made: Made): unknown {
  const given: Made = { ...made, ...(command.here ? placeOf(stage) : {}) };
  const entries = Object.entries(shapeOf(command)).flatMap(([name, schema]): [string, unknown][] => {
    if (given[name] !== undefined) return [[name, given[name]]];
    return isNeeded(schema) ? [[name, guess(name, schema)]] : [];
  });
  const parsed = command.input.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  throw new Error(`say in the examples what ${command.name} may be given: ${parsed.error.message}`);
}

function guess(name: string, schema: z.ZodType): unknown {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  if (json.enum) return json.enum[0];
  if (json.format === 'date') return '2026-12-11';
  if (json.type === 'number' || json.type === 'integer' || name === 'version') return 1;
  return `Words for ${name}`;
}
