import type { Card, Field } from '../kernel/card.ts';
import type { Content } from './content.ts';
import { MAX_DELIVERABLES_TEXT, writeDeliverables } from './content.ts';
import type { Cycle } from './cycle.ts';
import { partyName, scopeOf } from './cycle.ts';

/** A project that a cycle can be planned for. */
export interface PlanChoice {
  id: string;
  name: string;
  client: string;
}

/** Plans a cycle in the project, or in one of several to choose from. */
export function planForm(projects: PlanChoice[], id: string): Card {
  const [only, other] = projects;
  if (!only) return nothingToPlanFor(id);
  return {
    title: other ? 'Plan a cycle' : `Plan a cycle of ${only.name}`,
    tone: 'info',
    blocks: [
      {
        kind: 'form',
        submit: { label: 'Plan cycle', press: { target: 'cycle.plan', input: other ? {} : { project: only.id } } },
        fields: [...(other ? [projectField(projects)] : []), ...contentFieldsOf(null), reviewDaysField],
      },
    ],
    actions: [],
    fallback: 'Plan a cycle.',
    about: { entity: 'project', id: other ? id : only.id, version: 0 },
  };
}

/** Changes the scope. Saving makes a new version, which both sides approve anew. */
export function scopeForm(cycle: Cycle): Card {
  return formCard(cycle, {
    title: `Scope of ${scopeOf(cycle).content.name}`,
    hint: 'Saving makes a new version that both sides approve anew. Earlier versions and their approvals stay on record.',
    submit: { label: 'Save scope', target: 'cycle.edit-scope' },
    fields: contentFieldsOf(scopeOf(cycle).content),
  });
}

export function disputeForm(cycle: Cycle): Card {
  return formCard(cycle, {
    title: `Dispute ${scopeOf(cycle).content.name}`,
    hint: `${partyName(cycle, 'firm')} is told at once. The review stays open until the dispute is resolved.`,
    submit: { label: 'Dispute', target: 'cycle.dispute' },
    fields: [words('reason', 'What is not as agreed?')],
  });
}

export function resolveForm(cycle: Cycle): Card {
  const reason = cycle.status === 'disputed' ? `${cycle.dispute.byName}: ${cycle.dispute.reason}` : '';
  return formCard(cycle, {
    title: `Resolve the dispute of ${scopeOf(cycle).content.name}`,
    hint: reason,
    submit: { label: 'Resolve', target: 'cycle.resolve' },
    fields: [
      words('resolution', 'What was agreed or done?'),
      {
        kind: 'choice',
        name: 'outcome',
        label: 'What happens next?',
        required: true,
        options: [
          { value: 'back_to_review', label: `Back to review: ${cycle.clientName} looks again` },
          { value: 'back_to_work', label: 'Back to work: something is still to be done' },
        ],
      },
    ],
  });
}

function formCard(
  cycle: Cycle,
  form: { title: string; hint: string; submit: { label: string; target: string }; fields: Field[] },
): Card {
  const press = { target: form.submit.target, input: { cycle: cycle.id, version: String(cycle.version) } };
  return {
    title: form.title,
    tone: 'info',
    blocks: [
      ...(form.hint ? [{ kind: 'text' as const, text: form.hint }] : []),
      { kind: 'form', submit: { label: form.submit.label, press }, fields: form.fields },
    ],
    actions: [],
    fallback: `${form.title}.`,
    about: { entity: 'cycle', id: cycle.id, version: cycle.version },
  };
}

function contentFieldsOf(content: Content | null): Field[] {
  const day = (name: 'startsOn' | 'endsOn', label: string): Field => ({
    kind: 'date',
    name,
    label,
    required: true,
    ...(content ? { value: content[name] } : {}),
  });
  return [
    {
      kind: 'text',
      name: 'name',
      label: 'Name',
      required: true,
      maxLength: 120,
      placeholder: 'Checkout redesign',
      ...(content ? { value: content.name } : {}),
    },
    day('startsOn', 'First day'),
    day('endsOn', 'Last day'),
    {
      kind: 'text',
      name: 'deliverables',
      label: 'Deliverables',
      required: true,
      multiline: true,
      maxLength: MAX_DELIVERABLES_TEXT,
      placeholder: 'Basket page — desktop and mobile',
      hint: 'One in each line. What comes after a dash is the detail.',
      ...(content ? { value: writeDeliverables(content.deliverables) } : {}),
    },
  ];
}

const reviewDaysField: Field = {
  kind: 'text',
  name: 'reviewDays',
  label: 'Days for the review',
  required: false,
  maxLength: 2,
  value: '5',
  hint: 'Business days of the client.',
};

function projectField(projects: PlanChoice[]): Field {
  return {
    kind: 'choice',
    name: 'project',
    label: 'Project',
    required: true,
    options: projects.map(({ id, name, client }) => ({ value: id, label: `${name} (${client})` })),
  };
}

function words(name: string, label: string): Field {
  return { kind: 'text', name, label, required: true, multiline: true, maxLength: 3000 };
}

function nothingToPlanFor(id: string): Card {
  const text = 'There is no open project to plan a cycle for.';
  return {
    title: text,
    tone: 'neutral',
    blocks: [],
    actions: [],
    fallback: text,
    about: { entity: 'project', id, version: 0 },
  };
}
