import { areas } from '../core/areas.ts';
import type { AccountProof } from '../core/connections/account-proof.ts';
import { connectionCard, leaveCard } from '../core/connections/cards.ts';
import { postedCard } from '../core/connections/code-cards.ts';
import { proofCard } from '../core/connections/proof-cards.ts';
import type { Connection, Posted } from '../core/connections/schema.ts';
import type { Message } from '../core/conversations/index.ts';
import { approve, editScope, plan, start } from '../core/cycles/agree.ts';
import { cycleCard } from '../core/cycles/cards.ts';
import { disputeCycle } from '../core/cycles/dispute-cycle.ts';
import { editScope as editScopeCommand } from '../core/cycles/edit-scope.ts';
import { historyCard } from '../core/cycles/lists.ts';
import { planCycle } from '../core/cycles/plan-cycle.ts';
import { resolveDispute } from '../core/cycles/resolve-dispute.ts';
import { complete, dispute, openReview, resolve } from '../core/cycles/review.ts';
import type { By, Cycle, Party } from '../core/cycles/schema.ts';
import { scopeOf } from '../core/cycles/schema.ts';
import { askForChanges as askForChangesOf } from '../core/deliverables/ask-for-changes.ts';
import { deliverableCard } from '../core/deliverables/cards.ts';
import { seenHash } from '../core/deliverables/content.ts';
import { approve as approveWork, askForChanges, share as shareWork } from '../core/deliverables/review.ts';
import type { Deliverable } from '../core/deliverables/schema.ts';
import { lastShare } from '../core/deliverables/schema.ts';
import { shareDeliverable } from '../core/deliverables/share-deliverable.ts';
import { helpCard, workCard } from '../core/homes/cards.ts';
import { entryCard } from '../core/hours/entry-cards.ts';
import type { Entry } from '../core/hours/entry-schema.ts';
import { logTime } from '../core/hours/log-time.ts';
import { dispute as disputeHours, hashed, send, sign as signHours } from '../core/hours/month.ts';
import { overrunCard } from '../core/hours/overrun-cards.ts';
import type { Overrun } from '../core/hours/overrun-schema.ts';
import { periodCard } from '../core/hours/period-cards.ts';
import { invoiceCard } from '../core/invoices/cards.ts';
import { plainLine } from '../core/invoices/content.ts';
import { withDocuments } from '../core/invoices/document-cards.ts';
import { draft } from '../core/invoices/draft.ts';
import { hourLines } from '../core/invoices/hour-lines.ts';
import { recordPayment } from '../core/invoices/record-payment.ts';
import type { Invoice, Entry as Movement } from '../core/invoices/schema.ts';
import { creditNote, issue, pay, credit as takeBack } from '../core/invoices/settle.ts';
import type { AudienceActor, Person, Side } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import type { Context } from '../core/kernel/context.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';
import { listOf } from '../core/kernel/words.ts';
import { paymentCard } from '../core/payments/cards.ts';
import { payInvoice } from '../core/payments/pay-invoice.ts';
import type { Payment } from '../core/payments/schema.ts';
import {
  askingCard,
  clientCard,
  codeCard,
  enterCodeInvitation,
  linkedNotice,
  personCard,
} from '../core/people/cards.ts';
import { confirmCode } from '../core/people/confirm-code.ts';
import { requestCode } from '../core/people/request-code.ts';
import type { ShownClient, ShownPerson } from '../core/people/schema.ts';
import { useCode } from '../core/people/use-code.ts';
import { projectCard } from '../core/projects/cards.ts';
import { setStage } from '../core/projects/set-stage.ts';
import { listProjects } from '../core/projects/views.ts';
import { subscriptionCard } from '../core/subscriptions/cards.ts';
import type { Subscription } from '../core/subscriptions/schema.ts';
import { addNote } from '../core/tickets/add-note.ts';
import { askQuestion } from '../core/tickets/ask-question.ts';
import { ticketCard } from '../core/tickets/cards.ts';
import { declineTicket } from '../core/tickets/decline-ticket.ts';
import { fileBug } from '../core/tickets/file-bug.ts';
import { markDuplicate } from '../core/tickets/mark-duplicate.ts';
import { replyToTicket } from '../core/tickets/reply-to-ticket.ts';
import type { ShownTicket } from '../core/tickets/schema.ts';
import { setDetails } from '../core/tickets/set-details.ts';
import { showMessage } from '../core/tickets/views.ts';

const ids = ['0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11', '3f0a7b11-6c1f-4f43-9a52-0e3c1f0a7b11'] as const;
const now = new Date('2026-11-02T15:00:00Z');

function audience(side: Side): AudienceActor {
  return {
    kind: 'audience',
    tenantId: ids[1],
    roomId: ids[1],
    side,
    clientId: ids[0],
    projectId: ids[1],
    timezone: 'America/New_York',
  };
}
const asking = {
  provider: 'slack',
  account: 'T0NORTH',
  workspace: 'Northwind Studio',
  externalId: 'U0NORA',
  calledAs: 'Nora',
  at: new Date('2026-11-25T13:32:00Z'),
  timezone: 'Europe/Berlin',
  side: 'contact' as const,
};
const contact = audience('contact');
const staff = audience('staff');

function by(side: Party): By & { personId: string } {
  const name = side === 'firm' ? 'Ada Admin' : 'Nora Client';
  return {
    personId: side,
    name,
    side,
    channel: side === 'firm' ? 'teams' : 'slack',
    assurance: 'chat',
    timezone: 'UTC',
  };
}

const planned = plan(
  {
    id: ids[0],
    clientId: ids[0],
    clientName: 'Acme',
    firmName: 'Northwind Studio',
    projectId: ids[1],
    projectName: 'Acme website',
    calendar: { timezone: 'America/New_York', holidays: ['2026-11-26'] },
    approvers: { needed: 1, order: [], people: [{ id: 'client', name: 'Nora Client' }] },
    reviewDays: 5,
  },
  {
    name: 'Checkout redesign',
    startsOn: '2026-11-02',
    endsOn: '2026-11-27',
    deliverables: [{ title: 'Basket page', detail: 'desktop and mobile' }, { title: 'Payment page' }],
  },
  by('firm'),
  now,
);
const sign = (cycle: Cycle, side: Party) => approve(cycle, { hash: scopeOf(cycle).hash }, by(side), now);
const signed = sign(sign(planned, 'firm'), 'client');
const edited = editScope(
  signed,
  {
    version: signed.version,
    content: { ...scopeOf(signed).content, deliverables: [{ title: 'Basket page' }, { title: 'Guest checkout' }] },
  },
  by('firm'),
  now,
);
const [nora, ben, cleo] = [
  { id: 'client', name: 'Nora Client' },
  { id: 'ben', name: 'Ben Buyer' },
  { id: 'cleo', name: 'Cleo Chief' },
] as const;
const partly = sign({ ...planned, approvers: { needed: 3, order: [nora, ben], people: [ben, cleo, nora] } }, 'client');
const tooFew: Cycle = { ...partly, approvers: { ...partly.approvers, people: [nora] } };
const inReview = openReview(start(signed, false, now), true, new Date('2026-11-30T14:00:00Z'));
const disputed = dispute(
  inReview,
  { version: inReview.version, id: ids[1], reason: 'The footer is missing.' },
  by('client'),
  new Date('2026-12-01T15:00:00Z'),
);
const resolved = resolve(
  disputed,
  { version: disputed.version, resolution: 'The footer is in now.', outcome: 'back_to_review' },
  by('firm'),
  new Date('2026-12-02T15:00:00Z'),
);
const completed = complete(resolved, { version: resolved.version }, new Date('2026-12-03T15:00:00Z'));

const ticket: ShownTicket = {
  id: ids[0],
  number: 12,
  clientId: ids[0],
  projectId: ids[1],
  projectName: 'Acme website',
  clientName: 'Acme',
  kind: 'bug',
  state: { status: 'new' },
  version: 3,
  title: 'The pay button does nothing',
  description: 'On the payment page, pressing "Pay now" shows a spinner for ever.',
  expected: 'The receipt page.',
  steps: '1. Put anything into the basket\n2. Press "Pay now"',
  links: ['https://acme.example/basket'],
  priority: 'high',
  category: null,
  dueOn: '2026-11-27',
  nextAction: null,
  ownerId: null,
  ownerName: null,
  reporterId: ids[1],
  reporterName: 'Nora Client',
  createdAt: now.toISOString(),
  original: null,
};
const said = (more: Partial<Message>): Message => ({
  id: ids[1],
  internal: false,
  byName: 'Ada Admin',
  side: 'staff',
  channel: 'slack',
  body: 'Which browser was it?',
  quoted: null,
  files: null,
  at: new Date('2026-11-03T09:00:00.000Z'),
  ...more,
});
const note = said({ internal: true, body: 'Looks like the new gateway.' });
/** A context in which nothing can be read. */
const nothing = { actor: staff, now, newId: () => ids[0], sql: async () => [] } as unknown as Context;

const linking = { ...nothing, actor: { kind: 'system' } } as unknown as Context;

/** The form of a command that is about nothing yet. */
async function blank({ name, form }: AnyCommand, opened: object, context: Context = nothing): Promise<Card> {
  const press = { target: name, input: 'link' in opened ? { link: String(opened.link) } : {} };
  return (await form?.draw(context, opened, press)) as Card;
}

const withProject = {
  ...nothing,
  sql: async () => [{ id: ids[1], name: 'Acme website', client: 'Acme' }],
} as unknown as Context;

/** The card of a view's data, without reading it. */
function drawn({ card }: AnyView, data: unknown): Card {
  return card(data, nothing, {});
}

/** The form of a command about a thing. */
async function asked({ about }: Pick<AnyCommand, 'about'>, it: object): Promise<Card> {
  return (await about?.ask(it, nothing)) as Card;
}

/** Each form about a ticket. */
async function ticketForms(): Promise<Record<string, Card>> {
  const asking = [declineTicket, askQuestion, markDuplicate, addNote, replyToTicket, setDetails];
  const cards = asking.map(async (one) => [`${one.name.replace('.', '-')}-form`, await asked(one, ticket)]);
  return Object.fromEntries(await Promise.all(cards));
}

/** A deliverable, shared for the first time; sent back; and as it was shared again. */
const delivered: Deliverable = {
  ...{ id: ids[0], number: 12, version: 3, clientId: ids[0], clientName: 'Acme', firmName: 'Northwind Studio' },
  ...{ projectId: ids[1], projectName: 'Acme website', cycleId: ids[1], cycleName: 'Checkout redesign', closed: false },
  ...{ timezone: 'America/New_York', inScope: true, name: 'Basket page', description: 'desktop and mobile' },
  ...{ state: { status: 'planned' }, shares: [], remindedAt: null, createdAt: now },
};
const draftOf = (link: string) => ({ link, note: 'The colours are not final.' });
const sharedOnce = shareWork(delivered, draftOf('https://example.com/draft'), by('firm'), now);
const sentBack = askForChanges(sharedOnce, { reason: 'The button is too small.' }, by('client'), now);
const sharedAnew = shareWork(sentBack, draftOf('https://example.com/second'), by('firm'), now);
const takenWork = approveWork(sharedAnew, { hash: seenHash(lastShare(sharedAnew)?.hash ?? '') }, by('client'), now);

const project = {
  id: ids[1],
  clientId: ids[0],
  clientName: 'Acme',
  name: 'Acme website',
  stage: 'build' as const,
  version: 2,
};

const admin: Person = {
  ...{ kind: 'person', tenantId: ids[1], personId: ids[1], name: 'Ada Admin', side: 'staff', role: 'admin' },
  ...{ clientId: null, memberships: {}, grants: {}, timezone: 'Europe/Berlin', channel: 'slack', assurance: 'chat' },
};

/** A context of hers, with one project and one person to choose. */
const withPeople = {
  ...{ actor: admin, now, newId: () => ids[0] },
  sql: async ([text = '']: TemplateStringsArray) =>
    text.includes('from person')
      ? [{ value: ids[1], label: 'Ada Admin' }]
      : [{ id: ids[1], name: 'Acme website', client: 'Acme' }],
} as unknown as Context;

const connection: Connection = {
  ...{ id: ids[0], tool: 'slack', account: 'T0NORTH', name: 'Northwind Studio', clientId: null },
  ...{ status: 'active', fault: null, scopes: ['chat:write'], lastSuccessAt: now, expiresAt: null, version: 2 },
};

const waitingProof: AccountProof = {
  ...{ id: ids[1], tool: 'email', account: 'reply@northwind.example', connection: ids[0] },
  ...{ sentAt: now, expiresAt: new Date('2026-11-02T15:30:00Z'), endedAt: null, fault: null },
};

const posted: Posted = {
  ...{ tool: 'slack', account: 'T0NORTH', called: 'Slack Northwind Studio', by: 'Nora', externalId: 'U0NORA' },
  ...{ place: 'C0GENERAL', connection: ids[0], at: now, madeBy: 'Ada Admin', isLast: true },
};

const place = { clientId: ids[0], clientName: 'Acme', projectId: ids[1], projectName: 'Acme website' };
const entry: Entry = {
  ...{
    ...place,
    id: ids[0],
    version: 2,
    periodId: ids[1],
    month: '2026-11',
    personId: ids[1],
    personName: 'Mia Member',
  },
  ...{ loggedBy: 'Ada Admin', day: '2026-11-12', minutes: 135, note: 'Fixed the header', billable: true },
  ...{ cycleId: null, ticketId: ids[1], part: '#12 The pay button does nothing', isBeyond: true, isShared: false },
  ...{ closed: null, isDeleted: false, createdAt: now.toISOString() },
};
const worked = { ...entry, id: ids[1], day: '2026-11-02', minutes: 2_400, isBeyond: false };
const month = hashed({
  ...{ ...place, id: ids[0], version: 7, firmName: 'Northwind Studio', month: '2026-11', budget: 2_400, approved: 0 },
  ...{ isAsked: true, unbilled: 90, warned: { at80: 2_400, at100: 2_400 }, invoiced: null },
  ...{ timezone: 'America/New_York', remindedAt: null },
  entries: [worked, entry].map(({ id, personId, personName, day, minutes, note, part, isBeyond }) => {
    return { id, personId, personName, day, minutes, note, part, isBeyond };
  }),
  state: { status: 'open' },
});
const monthSent = send(month, by('firm'), now);
const monthSigned = signHours(monthSent, { hash: month.hash, changes: [] }, by('client'), now);
const overrun: Overrun = {
  ...{ ...place, id: ids[0], version: 1, firmName: 'Northwind Studio', periodId: ids[1], month: '2026-11' },
  ...{ minutes: 300, reason: 'The header is larger than we thought.', agreed: 2_400, used: 2_300 },
  ...{ askedBy: 'Ada Admin', askedAt: now, answer: null, isClosed: false },
  ...{ timezone: 'America/New_York', remindedAt: null },
  status: 'asked',
};

/** With more of everything than stands on its card. */
const acme: ShownClient = {
  ...{ id: ids[0], name: 'Acme', timezone: 'America/New_York', version: 1 },
  projects: Array.from({ length: 11 }, (_, index) => ({ id: ids[1], name: `Website ${index}`, stage: 'build' })),
  people: [{ id: ids[0], name: 'Nora Client', role: 'client_admin' }],
  rooms: [
    { id: ids[0], name: '#acme', channel: 'slack', audience: 'client' },
    { id: ids[1], name: '#acme-team', channel: 'slack', audience: 'internal' },
  ],
};

const contactPerson: ShownPerson = {
  id: ids[0],
  side: 'contact',
  clientId: ids[1],
  clientName: 'Acme',
  name: 'Nora Client',
  role: 'client_member',
  active: true,
  grants: { billing: 'read' },
  version: 3,
  places: [{ id: ids[1], name: 'Acme website', part: 'approver' }],
};

/** One message about the ticket, as the team sees it. */
function messageOf(message: Message): Card {
  return showMessage.card({ ticket, message }, nothing, { message: message.id });
}
const invoiceDraft = draft(
  {
    ...{ id: ids[0], seq: 12, kind: 'invoice', clientId: ids[0], clientName: 'Acme', firmName: 'Northwind Studio' },
    ...{ firmTimezone: 'Europe/Berlin', projectId: ids[1], projectName: 'Acme website', timezone: 'America/New_York' },
    ...{ quoteId: ids[1], part: 'completion', createdAt: now },
  },
  {
    ...{ title: 'Checkout redesign', currency: 'EUR', rounding: 'document', notes: 'Please name the number.' },
    lines: [
      plainLine({ number: 1, text: 'Basket', quantity: '2.5', unitPrice: 60_000, vat: { kind: 'rate', rate: 1900 } }),
      plainLine({
        number: 2,
        text: 'Training',
        quantity: '1',
        unitPrice: 9_000,
        vat: { kind: 'exempt', reason: 'education' },
      }),
      {
        ...{ number: 3, text: 'Deposit, billed by 2026-0003', quantity: '1', unitPrice: -36_001 },
        ...{ vat: { kind: 'rate', rate: 1900 }, tax: -6_840, deducts: ids[1] },
      },
    ],
  },
);
const numbered = (serial: number) => ({
  number: `2026-000${serial}`,
  serial,
  on: '2026-11-02',
  at: now,
  byName: 'Ada Admin',
});
const deposit = {
  id: ids[1],
  gross: 42_841,
  credited: 0,
  deductedIn: null,
  state: { status: 'paid', issued: numbered(3) },
} as const;
/** As a room is shown it: there is no page of anybody's own. */
const inRoom = { ...nothing, pageOf: () => null };
const lacking = { seller: ['a country', 'a VAT id or tax number'], buyer: ['a country'], content: [] };
const billed = issue(invoiceDraft, numbered(7), [deposit]);
const hosting: Subscription = {
  ...{ id: ids[0], version: 2, clientId: ids[0], clientName: 'Acme', firmName: 'Northwind Studio', quoteId: ids[1] },
  ...{ projectId: ids[1], projectName: 'Acme website', timezone: 'America/New_York', called: 'Q-12', title: 'Hosting' },
  ...{ every: 'monthly', startsOn: '2026-10-31', billed: 2, state: { status: 'running' }, createdAt: now },
  content: {
    ...{ currency: 'EUR', rounding: 'document' },
    lines: [
      { number: 1, text: 'Server', quantity: '2', unitPrice: 4_900, vat: { kind: 'rate', rate: 1_900 } },
      { number: 2, text: 'Backups', quantity: '1', unitPrice: 1_250, vat: { kind: 'rate', rate: 1_900 } },
    ],
  },
};
const hoursDraft = draft(
  { ...invoiceDraft, kind: 'invoice', quoteId: null, part: null },
  {
    ...{ title: 'Hours of November 2026', currency: 'EUR', rounding: 'document', notes: null },
    lines: hourLines(
      {
        ...{ period: { id: ids[1] }, projectName: 'Acme website', month: '2026-11', standing: 'unsigned' },
        ...{
          minutes: 2_535,
          people: [
            { name: 'Ada Admin', minutes: 135 },
            { name: 'Mia Member', minutes: 2_400 },
          ],
        },
      },
      { currency: 'EUR', price: 9_500n, vat: { kind: 'rate', rate: 1_900 } },
      'person',
      1,
    ),
  },
);
const movement = (more: Partial<Movement>): Movement => ({
  ...{ id: ids[1], kind: 'payment', day: '2026-11-03', amount: -50_000, currency: 'EUR', note: 'Bank transfer' },
  ...{ byName: 'Ada Admin', undone: false, reverses: null, creditId: null, creditNumber: null, ...more },
});
const paymentOpen: Payment = {
  ...{ id: ids[1], version: 2, status: 'open', clientId: ids[0], clientName: 'Acme', firmName: 'Northwind Studio' },
  ...{ projectId: ids[1], invoiceId: ids[0], number: '2026-0007', amount: 50_000, currency: 'EUR' },
  ...{ url: 'https://checkout.example/pay/1', expiresAt: new Date(now.getTime() + 86_400_000), received: null },
  ...{ receivedIn: null, receivedAt: null, entryId: null, reason: null, refunds: [], dispute: null },
  ...{ personId: ids[0], byName: 'Anna Approver', askedAt: now },
};
const paymentKept: Payment = {
  ...{ ...paymentOpen, version: 3, status: 'kept', received: 50_000, receivedIn: 'EUR', receivedAt: now },
  reason: '2026-0007 is void: nothing is to be paid of it',
  refunds: [{ name: 're_1', amount: 10_000, at: now.toISOString(), state: 'settled', entry: null }],
  dispute: { name: 'dp_1', amount: 50_000, reason: 'fraudulent', state: 'open' },
};
const partlyPaid: Invoice = {
  ...takeBack(pay(billed, 50_000), 10_000),
  entries: [
    movement({ undone: true, amount: -5_000, note: null }),
    movement({ kind: 'undo', amount: 5_000, note: 'Another client’s', reverses: ids[1] }),
    movement({}),
    movement({ kind: 'credit', amount: -10_000, note: 'Late', creditId: ids[0], creditNumber: '2026-0008' }),
  ],
};
const correction = creditNote(
  billed,
  {
    amount: 10_000,
    reason: 'It came late.',
    left: [{ vat: { kind: 'rate', rate: 1900 }, net: 113_999n, tax: 21_660n }],
  },
  { id: ids[1], seq: 13, issued: numbered(8) },
);

/** What the areas really draw, from fixed facts: each kind of card, for the side that sees it. */
export const areaCards: Readonly<Record<string, Card>> = {
  'cycle-waiting': cycleCard(planned, contact),
  'cycle-waiting-staff': cycleCard(planned, staff),
  'cycle-approved': cycleCard(signed, contact),
  'cycle-approved-by-one-of-three': cycleCard(partly, contact),
  'cycle-too-few-approvers': cycleCard(tooFew, staff),
  'cycle-second-version': cycleCard(edited, contact),
  'cycle-in-review': cycleCard(inReview, contact),
  'cycle-disputed': cycleCard(disputed, staff),
  'cycle-completed': cycleCard(completed, contact),
  'cycle-history': historyCard(edited, contact),
  'cycle-plan-form': await blank(planCycle, {}, withProject),
  'cycle-scope-form': await asked(editScopeCommand, signed),
  'cycle-dispute-form': await asked(disputeCycle, inReview),
  'cycle-resolve-form': await asked(resolveDispute, disputed),
  'ticket-triage': ticketCard(ticket, { messages: [said({}), note], earlier: 2 }, staff),
  'ticket-client': ticketCard(
    { ...ticket, state: { status: 'needs_info', question: 'Which browser was it?' } as ShownTicket['state'] },
    { messages: [said({})], earlier: 0 },
    contact,
  ),
  'ticket-reply': messageOf(
    said({
      side: 'contact',
      byName: 'Nora Client',
      channel: 'email',
      body: 'Firefox, on a phone.',
      quoted: 'On Tuesday Ada wrote: Which browser was it?',
    }),
  ),
  'ticket-note': messageOf(note),
  'ticket-new-bug': await blank(fileBug, {}),
  ...(await ticketForms()),
  project: projectCard(
    {
      ...project,
      phases: [
        { id: ids[0], name: 'Concept', progress: 100 },
        { id: ids[1], name: 'Build', progress: 40 },
      ],
      cyclesProgress: 62,
    },
    staff,
  ),
  'deliverable-in-review': deliverableCard(sharedOnce, contact),
  'deliverable-sent-back': deliverableCard(sentBack, staff),
  'deliverable-shared-again': deliverableCard(sharedAnew, contact),
  'deliverable-approved': deliverableCard(takenWork, staff),
  'deliverable-share-form': await asked(shareDeliverable, sentBack),
  'deliverable-changes-form': await asked(askForChangesOf, sharedOnce),
  'project-list': drawn(listProjects, { items: [project], previous: ids[1], next: ids[1], summary: {} }),
  'project-stage-form': await asked(setStage, project),
  'hours-entry': entryCard(entry, admin),
  'hours-log-form': await blank(logTime, { words: '2h 15m Acme website: #12 fixed the header' }, withPeople),
  'hours-open': periodCard(month, admin),
  'hours-sent': periodCard({ ...monthSent, isAsked: false }, contact),
  'hours-disputed': periodCard(disputeHours(monthSent, 'We had no call that day.', by('client'), now), staff),
  'hours-signed': periodCard(monthSigned, contact),
  'hours-overrun': overrunCard(overrun, contact),
  person: personCard(contactPerson, staff),
  'person-admin': personCard(contactPerson, admin),
  client: clientCard(acme, staff),
  connection: connectionCard(connection, admin),
  'connection-broken': connectionCard(
    { ...connection, status: 'broken', fault: 'Slack does not accept the token.' },
    staff,
  ),
  'connection-leave': leaveCard(connection, admin),
  'connection-waiting': proofCard(waitingProof, now, admin),
  'connection-not-proven': proofCard(
    { ...waitingProof, endedAt: now, fault: 'Our mail did not arrive within half an hour.' },
    now,
    admin,
  ),
  'connection-posted': postedCard(posted, connection, ids[1], { ...staff, clientId: null }),
  'invoice-draft': invoiceCard(invoiceDraft, staff, now),
  'invoice-draft-lacking': withDocuments(invoiceCard(invoiceDraft, staff, now), invoiceDraft, lacking, inRoom),
  'invoice-documents': withDocuments(
    invoiceCard(billed, contact, now),
    billed,
    { seller: [], buyer: [], content: [] },
    inRoom,
  ),
  'invoice-open': invoiceCard(billed, contact, now),
  'invoice-overdue': invoiceCard(partlyPaid, staff, new Date('2026-12-24T12:00:00Z')),
  'invoice-credit-note': invoiceCard(correction, contact, now),
  'invoice-payment-form': await asked(recordPayment, partlyPaid),
  'invoice-hours': invoiceCard(hoursDraft, staff, now),
  'subscription-running': subscriptionCard(hosting, staff),
  'subscription-ended': subscriptionCard(
    { ...hosting, state: { status: 'ended', byName: 'Ada Admin', at: now, reason: 'You moved to another host.' } },
    contact,
  ),
  'invoice-to-pay': invoiceCard({ ...billed, online: true }, contact, now),
  'invoice-pay-form': await asked(payInvoice, { ...billed, online: true }),
  'payment-open': paymentCard(paymentOpen, { actor: contact, now }),
  'payment-kept': paymentCard(paymentKept, { actor: staff, now }),
  'home-help': helpCard(ids[0], listOf(buildRegistry(areas).words)),
  'home-work': workCard(ids[0], contact, {
    waiting: [
      {
        text: 'Checkout redesign',
        detail: 'Acme website · in review',
        view: { target: 'cycle.show', input: { cycle: ids[0] } },
      },
    ],
    figures: [
      { label: 'Open requests', value: '3', isLate: false, view: { target: 'ticket.mine', input: {} } },
      { label: 'To pay', value: '€1,190.00, due 10 Dec 2026', isLate: false, view: null },
    ],
    projects: [
      {
        ...{ id: ids[1], name: 'Acme website', clientName: 'Acme', stage: 'build', percent: 64 },
        stands: [{ text: 'next: Checkout redesign until 4 Dec 2026 (in review)', isLate: false }],
      },
    ],
  }),
  'home-nothing': workCard(ids[0], staff, { waiting: [], figures: [], projects: [] }),
  'identity-link': await blank(requestCode, { provider: 'slack' }, linking),
  'identity-check-mail': enterCodeInvitation(ids[0], 'nora@acme.example'),
  'identity-enter-code': await blank(confirmCode, { link: ids[0] }, linking),
  'identity-have-code': await blank(useCode, { provider: 'slack' }, linking),
  'identity-code': codeCard(ids[0], asking, '12345678'),
  'identity-code-of-staff': codeCard(ids[0], { ...asking, side: 'staff' }, '12345678'),
  'identity-asking': askingCard(ids[0], asking),
  'identity-linked': linkedNotice(ids[0], asking, ids[1]),
};
