import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { isAdmin } from '../people/index.ts';
import { readRule } from './queries.ts';
import { Approvers, Named } from './schema.ts';
import { ruleText } from './turn.ts';

const Rule = Named.extend({
  id: z.uuid().describe('The client’s id'),
  needed: Approvers.shape.needed,
  order: Approvers.shape.order,
});

/** What is asked of a client's approvers: for all who work for the client, and for its own people. */
export const showRule = view({
  name: 'approval.rule',
  module: 'projects',
  input: z.strictObject({ client: z.uuid() }),
  output: z.strictObject({ rule: Rule.describe('The client and what is asked of it') }),
  read: async (context, { client }) => {
    const { id, name, needed, order } = there(await readRule(context, client));
    return { rule: { id, name, needed, order } };
  },
  card: ({ rule }, { actor }) => ruleCard(rule, actor),
});

function ruleCard(rule: z.infer<typeof Rule>, actor: Actor): Card {
  const { id, name, order } = rule;
  const text = ruleText(rule, name);
  return {
    title: `Who approves for ${name}`,
    tone: 'neutral',
    blocks: [
      { kind: 'text', text: `${text} must approve the scope of a cycle, and accept a quote.` },
      ...(order.length
        ? [{ kind: 'text' as const, text: 'Whoever is named comes before all others who may approve.', subtle: true }]
        : []),
    ],
    actions: isAdmin(actor)
      ? [
          {
            kind: 'button',
            label: 'Change…',
            word: 'CHANGE',
            press: { target: 'approval.set-rule', input: { client: id } },
          },
        ]
      : [],
    fallback: `${text} must approve.`,
    about: { entity: 'client', id, version: 0 },
  };
}
