import type { Actor } from '../kernel/actor.ts';
import type { Action, Block, Button, Card } from '../kernel/card.ts';
import type { Drawing } from '../kernel/view.ts';
import { wayTo } from '../kernel/view.ts';
import type { Lacks } from './document/e-invoice.ts';
import { isComplete } from './document/e-invoice.ts';
import { invoice as thing } from './invoice.ts';
import { isDraft, mayBill, mayNameSeller } from './rules.ts';
import type { Invoice } from './schema.ts';
import { calledOf, KIND_LABELS, numberOf } from './wording.ts';

type Form = 'pdf' | 'ubl';

const LABELS: Readonly<Record<Form, { label: string; word: string }>> = {
  pdf: { label: 'PDF', word: 'PDF' },
  ubl: { label: 'E-invoice', word: 'XML' },
};

/** The invoice's card with its documents one press away; a draft says what its e-invoice would lack. */
export function withDocuments(card: Card, it: Invoice, lacks: Lacks, drawing: Drawing): Card {
  const first = card.actions.filter((action) => action.kind === 'button' && action.style === 'primary');
  const rest = card.actions.filter((action) => !first.includes(action));
  const documents = isDraft(it) ? partyButtons(it, drawing.actor) : documentActions(it, lacks, drawing);
  const actions = isDraft(it) ? [...card.actions, ...documents] : [...first, ...documents, ...rest];
  return { ...card, blocks: [...card.blocks, ...lackingBlock(it, lacks)], actions };
}

function documentActions(it: Invoice, lacks: Lacks, drawing: Drawing): Action[] {
  if (numberOf(it) === null) return [];
  const forms: Form[] = it.state.status !== 'void' && isComplete(lacks) ? ['pdf', 'ubl'] : ['pdf'];
  return forms.map((form) => wayTo(pressOf(it, form), LABELS[form], drawing));
}

function pressOf({ id }: Invoice, form: Form) {
  return { target: `invoice.${form}`, input: { invoice: id } };
}

/** Where what is missing is said. */
function partyButtons({ clientId }: Invoice, actor: Actor): Button[] {
  const buyer = { target: 'invoice.set-buyer', input: { client: clientId } };
  const seller = { target: 'invoice.set-seller', input: {} };
  return [
    ...(mayBill(actor) ? [more('Client’s details…', 'BUYER', buyer)] : []),
    ...(mayNameSeller(actor) ? [more('Your details…', 'SELLER', seller)] : []),
  ];
}

function more(label: string, word: string, press: Button['press']): Button {
  return { kind: 'button', label, word, press, place: 'more' };
}

function lackingBlock(it: Invoice, lacks: Lacks): Block[] {
  if (!isDraft(it) || isComplete(lacks)) return [];
  return [{ kind: 'text', text: `There will be no e-invoice of it: ${lacksText(lacks, it)}.`, subtle: true }];
}

/** "Northwind Studio lacks a country; Acme lacks a country" */
export function lacksText({ seller, buyer, content }: Lacks, { firmName, clientName }: Invoice): string {
  return [
    ...(seller.length ? [`${firmName} lacks ${seller.join(' and ')}`] : []),
    ...(buyer.length ? [`${clientName} lacks ${buyer.join(' and ')}`] : []),
    ...(content.length ? [`EN 16931 knows no ${content.join(' and no ')}`] : []),
  ].join('; ');
}

/** A document by itself: what it is, and the way to it. */
export function documentCard(it: Invoice, form: Form, about: string, drawing: Drawing): Card {
  const title = `${KIND_LABELS[it.kind]} ${calledOf(it)}: ${LABELS[form].label}`;
  return {
    title,
    tone: 'neutral',
    blocks: [{ kind: 'text', text: about }],
    actions: [
      wayTo(pressOf(it, form), { label: `Get the ${form === 'pdf' ? 'PDF' : 'e-invoice'}`, word: 'GET' }, drawing),
      thing.opening(it.id, `Open ${calledOf(it)}`),
    ],
    fallback: title,
    about: { entity: thing.name, id: it.id, version: 0 },
  };
}
