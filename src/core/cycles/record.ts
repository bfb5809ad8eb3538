import type { Card } from '../kernel/card.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { Cycle } from './cycle.ts';
import { scopeOf } from './cycle.ts';
import { shown } from './refusal.ts';

/** What every command on a cycle answers: where the cycle stands now, and what was done in a sentence. */
export interface Done {
  cycle: string;
  status: Cycle['status'];
  version: number;
  /** The hash of the present scope: what an approval must carry. */
  hash: string;
  say: string;
}

export function doneWith(cycle: Cycle, say: string): Done {
  return { cycle: cycle.id, status: cycle.status, version: cycle.version, hash: scopeOf(cycle).hash, say };
}

/** One sentence that says what was done, and the way to the cycle's card. */
export function doneCard({ cycle, version, say }: Done): Card {
  return {
    title: say,
    tone: 'good',
    blocks: [],
    actions: [{ kind: 'button', label: 'Show cycle', word: 'SHOW', press: shown({ id: cycle }) }],
    fallback: say,
    about: { entity: 'cycle', id: cycle, version },
  };
}

/** The event of a change, with what the audit keeps of before and after. */
export function changeOf(
  name: string,
  before: Cycle | null,
  after: Cycle,
  data: Record<string, unknown> = {},
): NewEvent {
  const scope = scopeOf(after);
  return {
    name,
    about: { entity: 'cycle', id: after.id },
    clientId: after.clientId,
    projectId: after.projectId,
    data: {
      cycle: after.id,
      name: scope.content.name,
      status: after.status,
      version: after.version,
      number: scope.number,
      hash: scope.hash,
      ...data,
    },
    ...(before ? { before: auditOf(before) } : {}),
    after: auditOf(after),
  };
}

/** The event of something that was said about a cycle: it changes nothing of the cycle itself. */
export function saidOf(name: string, cycle: Cycle, data: Record<string, unknown>): NewEvent {
  return {
    name,
    about: { entity: 'cycle', id: cycle.id },
    clientId: cycle.clientId,
    projectId: cycle.projectId,
    data: { cycle: cycle.id, name: scopeOf(cycle).content.name, ...data },
    after: data,
  };
}

function auditOf(cycle: Cycle): Record<string, unknown> {
  const { number, hash, content, approvals } = scopeOf(cycle);
  return {
    status: cycle.status,
    version: cycle.version,
    number,
    hash,
    content,
    approvals: approvals.map(({ side, byName, channel, assurance }) => ({ side, byName, channel, assurance })),
    review: cycle.review,
    ...(cycle.status === 'disputed' ? { dispute: cycle.dispute.reason } : {}),
  };
}
