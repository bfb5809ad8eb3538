import type { Actor } from '../kernel/actor.ts';
import type { Card, ListItem } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { capital } from '../kernel/field.ts';
import type { Face } from '../kernel/list.ts';
import { countText } from '../kernel/standing.ts';
import type { Drawing } from '../kernel/view.ts';
import { endpoint } from './endpoint.ts';
import type { Delivery, Endpoint } from './schema.ts';

const STATUS: Readonly<Record<Endpoint['status'], Pick<Card, 'tone'> & { status: string }>> = {
  active: { tone: 'good', status: 'In use' },
  paused: { tone: 'neutral', status: 'Paused' },
  failed: { tone: 'danger', status: 'Given up' },
};

/** An endpoint, how it fares, and what it was sent last. */
export function endpointCard(
  { endpoint: it, waiting, deliveries }: { endpoint: Endpoint; waiting: number; deliveries: readonly Delivery[] },
  actor: Actor,
): Card {
  const { id, version, name, url, status, fault, succeededAt, failedAt, failure } = it;
  const moment = (at: Date) => momentText(at, actor.timezone);
  return {
    title: status === 'failed' ? `Webhooks to “${name}” have stopped` : `Webhooks to “${name}”`,
    ...STATUS[status],
    blocks: [
      {
        kind: 'facts',
        facts: [
          ...(fault ? [{ label: 'Why', value: fault }] : []),
          { label: 'Address', value: url },
          { label: 'Told of', value: toldText(it) },
          { label: 'Last taken', value: succeededAt ? moment(succeededAt) : 'nothing yet' },
          ...(failedAt ? [{ label: 'Last failure', value: `${moment(failedAt)}: ${failure ?? ''}` }] : []),
          { label: 'Waiting', value: countText(waiting) },
        ],
      },
      ...(status === 'active' ? [] : [{ kind: 'text' as const, text: STOPPED[status] }]),
      ...(deliveries.length
        ? [{ kind: 'list' as const, title: 'Last webhooks', items: deliveries.map((one) => itemOf(one, actor)) }]
        : []),
    ],
    actions: endpoint.buttons(it, actor),
    fallback:
      status === 'failed'
        ? `Webhooks to “${name}” have stopped: ${fault}`
        : `Webhooks to “${name}”: ${STATUS[status].status}.`,
    about: { entity: 'endpoint', id, version },
  };
}

const STOPPED = {
  paused: 'Nothing is sent there. What happens meanwhile waits, and is sent once it is in use again.',
  failed:
    'Nothing is sent there any more, and nothing is lost: what happens meanwhile waits for 30 days. Put right what is wrong, then press the button.',
};

/** Letters of an answer on a line of a card. */
const ANSWER = 120;

function itemOf(
  { type, state, at, attempts, triedAt, dueAt, status, answer, fault }: Delivery,
  { timezone }: Actor,
): ListItem {
  const moment = (when: Date) => momentText(when, timezone);
  const tries = attempts > 1 ? `, tried ${attempts} times` : '';
  const said = fault && answer ? ` It said: ${answer.replaceAll(/\s+/g, ' ').slice(0, ANSWER).toWellFormed()}` : '';
  const next = attempts ? ` Next try: ${moment(dueAt)}` : '';
  const detail = {
    delivered: `taken ${triedAt ? moment(triedAt) : ''} with ${status}${tries}`,
    failed: `${fault}${said}`,
    waiting: `waits${tries}.${fault ? ` ${fault}${said}` : ''}${next}`,
  }[state];
  return { text: `${type}, ${moment(at)}`, detail, mark: state === 'delivered' ? 'done' : 'open' };
}

function toldText({ areas, clientName }: Endpoint): string {
  const what = areas ? areas.map(capital).join(', ') : 'everything that the client may hear of';
  return clientName === null ? what : `${what}, of ${clientName}`;
}

/** The endpoints that the actor keeps. */
export function endpointsFace(items: readonly Endpoint[], { portalOf, publicUrl, actor }: Drawing): Face<Endpoint> {
  const title = 'Webhooks';
  return {
    title,
    tone: items.some(({ status }) => status === 'failed') ? 'attention' : 'neutral',
    line: (it) => ({
      text: it.name,
      detail: `${new URL(it.url).host}${it.clientName ? `, of ${it.clientName}` : ''}; ${fares(it, actor.timezone)}`,
      mark: it.status === 'active' ? 'done' : 'open',
      button: endpoint.opening(it.id),
    }),
    empty: 'There are none. By a webhook a program of yours is told of what happens, signed and in order.',
    actions: [
      { kind: 'link', label: 'Add an endpoint', url: portalOf({ target: 'endpoint.add', input: {} }) },
      { kind: 'link', label: 'What is sent', url: `${publicUrl}/api/v1/docs/webhooks` },
    ],
    fallback: `${title}: ${items.map(({ name }) => name).join(', ') || 'none yet'}.`,
  };
}

function fares({ status, succeededAt }: Endpoint, timezone: string): string {
  if (status !== 'active') return STATUS[status].status.toLowerCase();
  return succeededAt ? `last taken ${momentText(succeededAt, timezone)}` : 'nothing was sent yet';
}
