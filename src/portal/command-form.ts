import { z } from 'zod';
import type { Actor, Who } from '../core/kernel/actor.ts';
import type { Card, Field, Press } from '../core/kernel/card.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';

/**
 * The page of a command that nobody drew a form for: a form of the fields that it asks for and the press does not bring.
 * @returns null when it asks for nothing more
 * @throws DomainError forbidden for whoever may not do it
 */
export async function commandForm(app: App, who: Who, press: Press): Promise<Card | null> {
  const command = app.registry.commands.get(press.target);
  if (!command) return null;
  if (!(await mayDo(app, who, command, press))) throw new DomainError('forbidden', 'You may not do this.');
  return withActor(app, who, async (context) => {
    const fields = await fieldsOf(app, context, command, press);
    if (!fields.length) return null;
    const title = titleOf(app, press);
    return {
      title,
      tone: 'info' as const,
      blocks: [{ kind: 'form' as const, submit: { label: title, press }, fields }],
      actions: [],
      fallback: `${title}.`,
      about: { entity: 'home', id: context.newId(), version: 0 },
    };
  });
}

/** May this person do it, as far as can be said before the form is filled in? What is not known yet is asked when it is sent. */
async function mayDo(app: App, who: Who, command: AnyCommand, press: Press): Promise<boolean> {
  try {
    // A transaction of its own: what is missing can make it fail.
    return await withActor(app, who, async (context) => {
      const subject = await command.load(context, press.input);
      return subject === null || command.policy(context.actor, subject);
    });
  } catch (error) {
    return !(error instanceof DomainError && error.code === 'forbidden');
  }
}

type Property = { type?: string; enum?: string[]; format?: string; maxLength?: number; default?: unknown } & Partial<
  Record<'label' | 'hint' | 'placeholder', string> & Record<'multiline' | 'secret', boolean>
>;

async function fieldsOf(app: App, context: Context, command: AnyCommand, press: Press): Promise<Field[]> {
  const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, Property>;
    required?: string[];
  };
  const names = (command.fields ?? []).filter((name) => !(name in press.input));
  const fields: Field[] = [];
  for (const name of names) {
    const choices = app.registry.areas.map((area) => area.choices?.[name]).find(Boolean);
    const required = schema.required?.includes(name) ?? false;
    const property = schema.properties?.[name] ?? {};
    fields.push(fieldOf(name, { ...property, required }, (await choices?.(context)) ?? null, context.actor));
  }
  return fields;
}

function fieldOf(
  name: string,
  property: Property & { required: boolean },
  choices: { value: string; label: string }[] | null,
  actor: Actor,
): Field {
  const { label = inWords(name), hint, placeholder, multiline, secret, maxLength, required } = property;
  const base = { name, label, required, ...(hint ? { hint } : {}) };
  const value = typeof property.default === 'string' ? { value: property.default } : {};
  if (choices) return { ...base, kind: 'choice', options: choices };
  if (property.enum) {
    const options = property.enum.map((one) => ({ value: one, label: inWords(one) }));
    return { ...base, ...value, kind: 'choice', options };
  }
  if (property.format === 'date') return { ...base, kind: 'date' };
  // The zone that whoever types is in is the likeliest one.
  const zone = name === 'timezone' ? { value: actor.timezone } : {};
  return {
    ...base,
    ...zone,
    kind: 'text',
    ...(multiline ? { multiline } : {}),
    ...(secret ? { secret } : {}),
    ...(maxLength ? { maxLength } : {}),
    ...(placeholder ? { placeholder } : {}),
  };
}

/** As the menu calls it; else by its name: "people.change-role" is "Change role". */
function titleOf({ registry }: App, { target }: Press): string {
  const item = registry.areas.flatMap(({ menu = [] }) => menu).find(({ press }) => press.target === target);
  return (item?.label ?? inWords(target.slice(target.indexOf('.') + 1))).replace(/…$/, '');
}

/** "client_admin" → "Client admin", "startsOn" → "Starts on" */
function inWords(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
