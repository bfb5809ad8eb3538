import { withActor } from '../../core/kernel/context.ts';
import { ledger } from '../../core/kernel/inbox.ts';
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
  data: Record<string, unknown>;
  subject: string | null;
  seeded: boolean;
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

async function readActivity({ hub, tenantId, memory }: World): Promise<Activity> {
  const rows = await withActor(
    hub.app,
    { kind: 'system', tenantId, reason: 'the console' },
    ({ sql }) => sql<EventRow>`
    select e.id, e.name, e.at, e.actor, e.data, e.request_id like 'demo:%' as seeded, coalesce(c.name, '#' || t.number || ' ' || t.title) as subject
    from event e left join cycle c on c.tenant_id = e.tenant_id and c.id = e.entity_id left join ticket t on t.tenant_id = e.tenant_id and t.id = e.entity_id
    where e.tenant_id = ${tenantId} and (e.name like 'cycle.%' or e.name like 'ticket.%' or e.name like 'identity.%')
    order by e.at desc, e.seq desc limit 400`,
  );
  const lines = await ledger(hub.app, tenantId);
  const sum = (key: keyof Activity['ledger']) => lines.reduce((total, line) => total + Number(line[key]), 0);
  return {
    events: rows.slice(0, MOST).reverse().map(eventPart),
    story: [
      ...new Set([...rows.filter(({ seeded }) => !seeded).flatMap(stepsOf), ...(memory.pressedStale ? ['stale'] : [])]),
    ],
    ledger: {
      received: sum('received'),
      applied: sum('applied'),
      duplicate: sum('duplicate'),
      quarantined: sum('quarantined'),
      waiting: sum('waiting'),
    },
  };
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
  'identity.code-requested': 'asked for a code to link an account',
  'identity.linked': 'linked an account',
};

/** Which steps of the page's story an event ticks. */
function stepsOf({ name, actor, data }: EventRow): string[] {
  switch (name) {
    case 'cycle.approved':
      return [data.side === 'client' ? 'approved-client' : 'approved-firm'];
    case 'cycle.scope-changed':
      return ['scope-changed'];
    case 'cycle.disputed':
      return ['disputed'];
    case 'ticket.filed':
      return ['filed'];
    case 'ticket.approved':
      return ['ticket-approved'];
    case 'ticket.replied':
      return actor.kind === 'integration' ? ['jira'] : actor.channel === 'email' ? ['mail'] : [];
    default:
      return [];
  }
}
