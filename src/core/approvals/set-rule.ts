import { z } from 'zod';
import { nameOf } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { requireNone } from '../kernel/faults.ts';
import { choice, chosen, optional } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { clientChoices, isAdmin } from '../people/index.ts';
import { ruleSet } from './events.ts';
import type { Ground } from './queries.ts';
import { contactChoices, readRule, writeRule } from './queries.ts';
import { COUNTS, countOf } from './schema.ts';
import { ruleText } from './turn.ts';

const fields = {
  client: chosen({ label: 'Client', none: 'There is no client yet.' }),
  needed: choice(COUNTS, { label: 'How many of its approvers must approve?', labels: { ...labels(), all: 'All' } }),
  first: optional(chosen({ label: 'Who approves first?', hint: 'Without anybody, they approve in any order.' })),
  second: optional(chosen({ label: 'Who comes second?' })),
  third: optional(chosen({ label: 'Who comes third?' })),
};

/** Says how many of a client's approvers must approve cycles and accept quotes, and who of them comes first. */
export const setRule = command({
  name: 'approval.set-rule',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Who approves for a client',
    submit: 'Save',
    fields,
    who: isAdmin,
    ask: async (context, { client }) => {
      const ground = client ? await readRule(context, client) : null;
      const [first, second, third] = ground?.order ?? [];
      const people = await contactChoices(context, client ?? null);
      return {
        lead: 'It counts for all that is not agreed on yet: scopes of cycles and quotes. What was approved stays approved.',
        values: {
          ...{ client: client ?? null, needed: countOf(ground ? ground.needed : 1) },
          ...{ first: first?.id ?? null, second: second?.id ?? null, third: third?.id ?? null },
        },
        choices: { client: await clientChoices(context), first: people, second: people, third: people },
      };
    },
  }),
  assurance: 'chat',
  load: (context, { client }) => readRule(context, client),
  policy: (actor) => isAdmin(actor),
  handle: async (context, { client, needed: count, ...places }, before) => {
    const needed = count === 'all' ? null : Number(count);
    const order = orderOf(places, needed, before);
    await writeRule(context, client, { needed, order: order.map(({ id }) => id), byName: nameOf(context.actor) });
    const rule = ruleText({ needed, order }, before.name);
    const was = { needed: countOf(before.needed), order: before.order.map(({ name }) => name) };
    const is = { needed: count, order: order.map(({ name }) => name) };
    return {
      events: [ruleSet.of({ entity: 'client', id: client }, { rule }, { clientId: client, before: was, after: is })],
      output: { id: client, say: `From now on: ${rule}.` },
    };
  },
  reply: ({ id, say }) => sentence('client', id, say),
});

type Places = { first?: string | undefined; second?: string | undefined; third?: string | undefined };

/** Who is named, one after the other. @throws DomainError invalid, beside the field */
function orderOf({ first, second, third }: Places, needed: number | null, { contacts }: Ground) {
  const places = Object.entries({ first, second, third }).filter(
    (one): one is [string, string] => one[1] !== undefined,
  );
  const faults: Record<string, string> = {};
  const order = places.flatMap(([field, id], index) => {
    const found = contacts.find((one) => one.id === id);
    if (!found) faults[field] = 'is nobody of this client, or has no access any more';
    if (places.findIndex((one) => one[1] === id) < index) faults[field] = 'is named before already';
    return found ? [found] : [];
  });
  if (needed !== null && places.length > needed)
    faults.needed = `is less than the ${places.length} who are named: each of them must approve`;
  requireNone(faults);
  return order;
}

function labels() {
  const numbers = Object.fromEntries(COUNTS.map((one) => [one, one])) as Record<(typeof COUNTS)[number], string>;
  return { ...numbers, '1': 'One, whoever it is' };
}
