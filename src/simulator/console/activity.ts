import { withActor } from '../../core/kernel/context.ts';
import type { Sql } from '../../core/kernel/db.ts';
import { ledger } from '../../core/kernel/inbox.ts';
import { STORIES } from './stories/index.ts';
import type { Happened } from './stories/ticks.ts';
import { eventsWanted, tickedSteps } from './stories/ticks.ts';
import type { World } from './world.ts';

/** How many events the strip shows. */
const MOST = 60;
/** How often to look for events while somebody watches; the panes themselves are told of every change. */
const LOOK_EVERY = 400;

interface EventRow {
  id: string;
  name: string;
  at: Date;
  actor: { name: string; side: string; kind: string; channel: string };
  subject: string | null;
}

/** What happened, how far somebody is with what there is to try, and what became of all that came in. */
export interface Activity {
  events: unknown;
  story: string[];
  ledger: { received: number; applied: number; duplicate: number; quarantined: number; waiting: number };
}

export interface Following {
  /** What was read last; read now where nothing was yet. */
  latest(): Promise<Activity | null>;
  stop(): void;
}

/** Looks at the events again and again while somebody watches, and tells when there is something new. */
export function followActivity(world: World, isWatched: () => boolean, changed: () => void): Following {
  let latest: Activity | null = null;
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= readActivity(world)
      .then((read) => {
        const isNew = JSON.stringify(read) !== JSON.stringify(latest);
        latest = read;
        if (isNew) changed();
      })
      .catch((error: unknown) => world.hub.app.log.warn({ err: error }, 'the console could not look at the events'))
      .finally(() => {
        looking = null;
      });
    return looking;
  };
  const timer = setInterval(() => isWatched() && look(), LOOK_EVERY);
  return {
    latest: async () => {
      if (!latest) await look();
      return latest;
    },
    stop: () => clearInterval(timer),
  };
}

async function readActivity({ hub, tenantId, memory, clock }: World): Promise<Activity> {
  const who = { kind: 'system', tenantId, reason: 'the console' } as const;
  const { events, happened } = await withActor(hub.app, who, async ({ sql }) => ({
    events: await lastEvents(sql),
    happened: await eventsSince(sql),
  }));
  const lines = await ledger(hub.app, tenantId);
  const sum = (key: keyof Activity['ledger']) => lines.reduce((total, line) => total + Number(line[key]), 0);
  return {
    events: events.reverse().map(eventPart),
    story: tickedSteps(STORIES, { events: happened, seen: memory.seen, now: clock.now() }),
    ledger: {
      received: sum('received'),
      applied: sum('applied'),
      duplicate: sum('duplicate'),
      quarantined: sum('quarantined'),
      waiting: sum('waiting'),
    },
  };
}

/** What the strip shows, the newest first. */
function lastEvents(sql: Sql): Promise<EventRow[]> {
  return sql<EventRow>`
    select e.id, e.name, e.at, e.actor, coalesce(c.name, '#' || t.number || ' ' || t.title, p.name, e.data ->> 'title', e.data ->> 'number') as subject
    from event e left join cycle c on c.tenant_id = e.tenant_id and c.id = e.entity_id left join ticket t on t.tenant_id = e.tenant_id and t.id = e.entity_id
      left join person p on p.tenant_id = e.tenant_id and p.id::text in (e.entity_id::text, e.data ->> 'person')
    where e.name = any(${Object.keys(WORDS)})
    order by e.at desc, e.seq desc limit ${MOST}`;
}

/** What the steps of the stories are ticked by: what people did, and not what the seed did before they came. */
function eventsSince(sql: Sql): Promise<Happened[]> {
  return sql<Happened>`
    select e.name, e.at, e.actor, e.data, coalesce(c.name, '#' || t.number || ' ' || t.title, p.name, e.data ->> 'title') as subject
    from event e left join cycle c on c.tenant_id = e.tenant_id and c.id = e.entity_id left join ticket t on t.tenant_id = e.tenant_id and t.id = e.entity_id
      left join person p on p.tenant_id = e.tenant_id and p.id::text in (e.entity_id::text, e.data ->> 'person')
    where e.name = any(${eventsWanted(STORIES)}) and e.request_id not like 'demo:%'
    order by e.seq`;
}

function eventPart({ id, name, at, actor, subject }: EventRow) {
  const [area = ''] = name.split('.');
  return {
    id,
    name,
    area,
    at: at.getTime(),
    by: actor.kind === 'integration' ? (CHANNELS[actor.name] ?? actor.name) : actor.name,
    channel: CHANNELS[actor.channel] ?? actor.channel,
    words: WORDS[name] ?? 'did',
    subject,
  };
}

const CHANNELS: Readonly<Record<string, string>> = {
  slack: 'Slack',
  teams: 'Teams',
  discord: 'Discord',
  email: 'mail',
  portal: 'portal',
  jira: 'Jira',
  stripe: 'Stripe',
  system: 'by itself',
};

const WORDS: Readonly<Record<string, string>> = {
  'cycle.planned': 'planned',
  'cycle.started': 'started',
  'cycle.scope-changed': 'changed the scope of',
  'cycle.approved': 'approved',
  'cycle.review-opened': 'opened the review of',
  'cycle.review-reminded': 'reminded of',
  'cycle.completed': 'completed',
  'cycle.disputed': 'disputed',
  'cycle.dispute-resolved': 'resolved the dispute of',
  'ticket.filed': 'filed',
  'ticket.approved': 'approved',
  'ticket.declined': 'declined',
  'ticket.asked': 'asked about',
  'ticket.marked-duplicate': 'marked as a duplicate',
  'ticket.taken': 'took on',
  'ticket.noted': 'left a note on',
  'ticket.replied': 'replied on',
  'ticket.progressed': 'moved on',
  'ticket.details-set': 'edited',
  'quote.drafted': 'drafted',
  'quote.sent': 'sent',
  'quote.signed': 'accepted',
  'quote.accepted': 'accepted',
  'quote.declined': 'declined',
  'invoice.drafted': 'drafted an invoice:',
  'invoice.issued': 'issued an invoice:',
  'invoice.reminded': 'reminded of an invoice:',
  'invoice.overdue': 'noted as overdue:',
  'invoice.paid': 'noted as paid:',
  'payment.asked': 'asked for a link to pay',
  'payment.received': 'received the payment of',
  'requirement.asked': 'asked for',
  'requirement.provided': 'provided',
  'requirement.accepted': 'accepted',
  'requirement.returned': 'returned',
  'requirement.revealed': 'looked at',
  'entry.logged': 'logged time',
  'period.warned': 'came close to what is agreed',
  'overrun.asked': 'asked for more hours',
  'overrun.approved': 'approved more hours',
  'overrun.declined': 'declined more hours',
  'people.contact-added': 'invited',
  'session.begun': 'signed in',
  'people.seen-as': 'began to see what is seen by',
  'people.looked': 'was shown a page of',
  'notice.preferences-changed': 'set how they are told',
  'notice.digest-due': 'gathered the digest of',
  'identity.code-requested': 'asked for a code to link an account',
  'identity.linked': 'linked an account',
};
