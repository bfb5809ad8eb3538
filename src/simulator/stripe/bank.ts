import { EventEmitter } from 'node:events';
import type { EventShape } from './shapes.ts';
import { chargeShape, disputeShape, eventShape, intentShape, refundShape, sessionShape } from './shapes.ts';
import type { Dispute, Intent, Refund, Session } from './state.ts';

/** Seconds for which a page can be paid on, where nothing else is asked for. */
const DAY = 24 * 60 * 60;

export interface BankOptions {
  now(): number;
  live: boolean;
  /** The address of a page to pay on. */
  urlOf(session: string): string;
}

export interface BankState {
  sessions: [string, Session][];
  intents: [string, Intent][];
  refunds: Refund[];
  disputes: Dispute[];
  events: EventShape[];
  next: number;
}

type New = Omit<Session, 'id' | 'status' | 'paid' | 'created' | 'expires' | 'intent' | 'live'> & { expires?: number };

/** An account of the stand-in: pages to pay on, what was paid and paid back, and the events that tell of it. */
export class Bank {
  readonly sessions = new Map<string, Session>();
  readonly intents = new Map<string, Intent>();
  readonly refunds: Refund[] = [];
  readonly disputes: Dispute[] = [];
  /** Oldest first. */
  readonly events: EventShape[] = [];
  readonly changes = new EventEmitter();
  private readonly options: BankOptions;
  private next = 1;

  constructor(options: BankOptions) {
    this.options = options;
  }

  open({ expires, ...asked }: New): Session {
    const created = this.seconds();
    const made: Session = {
      ...asked,
      ...{
        id: this.name(this.options.live ? 'cs_live' : 'cs_test'),
        status: 'open',
        paid: false,
        created,
        intent: null,
      },
      ...{ expires: expires ?? created + DAY, live: this.options.live },
    };
    this.sessions.set(made.id, made);
    this.changes.emit('change');
    return made;
  }

  /** Somebody pays on the page: by card, or from a bank, which takes its days. */
  pay(id: string, how: 'card' | 'bank' = 'card'): Intent {
    const session = this.session(id);
    if (session.status !== 'open') throw new Error(`${id} is ${session.status}`);
    const intent: Intent = {
      ...{ id: this.name('pi'), charge: this.name('ch'), amount: session.amount, currency: session.currency },
      ...{
        metadata: session.intentMetadata,
        description: session.description,
        created: this.seconds(),
        live: session.live,
      },
      status: how === 'card' ? 'succeeded' : 'processing',
    };
    this.intents.set(intent.id, intent);
    Object.assign(session, { status: 'complete', paid: how === 'card', intent: intent.id });
    this.tell('checkout.session.completed', this.shapeOf(session));
    return intent;
  }

  /** The bank has paid, or has not. */
  clear(id: string, isPaid = true): void {
    const session = this.session(id);
    const intent = this.intent(session.intent ?? '');
    session.paid = isPaid;
    intent.status = isPaid ? 'succeeded' : 'requires_payment_method';
    this.tell(`checkout.session.async_payment_${isPaid ? 'succeeded' : 'failed'}`, this.shapeOf(session));
  }

  expire(id: string): Session {
    const session = this.session(id);
    if (session.status !== 'open') throw new Error(`${id} is ${session.status}`);
    session.status = 'expired';
    this.tell('checkout.session.expired', this.shapeOf(session));
    return session;
  }

  /** Somebody of the firm pays back in Stripe's own pages. `pending`: the bank has not answered yet. */
  refund(intentId: string, amount: number, status: Refund['status'] = 'succeeded'): Refund {
    const intent = this.intent(intentId);
    const made: Refund = {
      ...{ id: this.name('re'), intent: intent.id, charge: intent.charge, amount, currency: intent.currency },
      ...{ status, created: this.seconds() },
    };
    this.refunds.push(made);
    this.tell('refund.created', refundShape(made));
    this.tell('charge.refunded', chargeShape(intent, this.refundedOf(intent.id)));
    return made;
  }

  /** A refund that was on its way arrives, or does not. */
  answerRefund(id: string, status: 'succeeded' | 'failed'): void {
    const refund = this.refunds.find((one) => one.id === id);
    if (!refund) throw new Error(`there is no refund ${id}`);
    refund.status = status;
    this.tell(status === 'failed' ? 'refund.failed' : 'refund.updated', refundShape(refund));
  }

  dispute(intentId: string): Dispute {
    const intent = this.intent(intentId);
    const made: Dispute = {
      ...{
        id: this.name('dp'),
        intent: intent.id,
        charge: intent.charge,
        amount: intent.amount,
        currency: intent.currency,
      },
      ...{ status: 'needs_response', created: this.seconds(), live: intent.live },
    };
    this.disputes.push(made);
    this.tell('charge.dispute.created', disputeShape(made));
    return made;
  }

  endDispute(id: string, status: 'won' | 'lost'): void {
    const dispute = this.disputes.find((one) => one.id === id);
    if (!dispute) throw new Error(`there is no dispute ${id}`);
    dispute.status = status;
    this.tell('charge.dispute.closed', disputeShape(dispute));
  }

  /** What it remembers, as JSON. */
  snapshot(): BankState {
    const { sessions, intents, refunds, disputes, events, next } = this;
    return structuredClone({ sessions: [...sessions], intents: [...intents], refunds, disputes, events, next });
  }

  restore(state: BankState): void {
    const { sessions, intents, refunds, disputes, events, next } = structuredClone(state);
    for (const [id, one] of sessions) this.sessions.set(id, one);
    for (const [id, one] of intents) this.intents.set(id, one);
    this.refunds.push(...refunds);
    this.disputes.push(...disputes);
    this.events.push(...events);
    this.next = next;
  }

  session(id: string): Session {
    const session = this.sessions.get(id);
    if (!session) throw new Error(`there is no session ${id}`);
    return session;
  }

  intent(id: string): Intent {
    const intent = this.intents.get(id);
    if (!intent) throw new Error(`there is no payment intent ${id}`);
    return intent;
  }

  shapeOf(session: Session) {
    return sessionShape(session, this.options.urlOf(session.id));
  }

  intentShape(id: string) {
    return intentShape(this.intent(id));
  }

  private refundedOf(intent: string): number {
    return this.refunds
      .filter((one) => one.intent === intent && one.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  /** Something happened: it is listed, and a webhook tells of it. */
  tell(type: string, object: object): EventShape {
    const event = eventShape(this.name('evt'), type, structuredClone(object), {
      created: this.seconds(),
      live: this.options.live,
    });
    this.events.push(event);
    this.changes.emit('event', event);
    this.changes.emit('change');
    return event;
  }

  private seconds(): number {
    return Math.floor(this.options.now() / 1000);
  }

  private name(kind: string): string {
    const number = this.next;
    this.next += 1;
    return `${kind}_${String(number).padStart(8, '0')}${crypto.randomUUID().replaceAll('-', '')}`;
  }
}
