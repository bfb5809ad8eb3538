import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import type { Face } from '../kernel/list.ts';
import { timeText } from './calendar.ts';
import { approvalText, changeItem } from './cards.ts';
import { diffContent } from './content.ts';
import { happenings } from './history.ts';
import { shown } from './refusal.ts';
import { runsCycles } from './rules.ts';
import type { Counts, Cycle, CycleLine, Version } from './schema.ts';
import { approvalsOf, hasAgreed, PARTIES, partyName, STATUSES, scopeOf } from './schema.ts';

/** Versions that a history shows one by one: with a title and a list each, ten fit on every platform. */
const MOST_VERSIONS = 10;

/** Every version of the scope with its approvals and differences, newest first, and what happened in between. */
export function historyCard(cycle: Cycle, actor: Actor): Card {
  const { name } = scopeOf(cycle).content;
  const older = cycle.versions.length - MOST_VERSIONS;
  const versions = cycle.versions
    .map((version, index) => versionBlock(cycle, version, cycle.versions[index - 1], actor))
    .slice(-MOST_VERSIONS)
    .reverse();
  return {
    title: `History of ${name}`,
    tone: 'neutral',
    blocks: [
      ...versions,
      ...(older > 0 ? [{ kind: 'text' as const, text: `${older} earlier versions are on record.`, subtle: true }] : []),
      timelineBlock(cycle, actor),
    ],
    actions: [{ kind: 'button', label: 'Show cycle', word: 'SHOW', press: shown(cycle) }],
    fallback: `${name} has ${cycle.versions.length === 1 ? 'one version' : `${cycle.versions.length} versions`} of its scope.`,
    about: { entity: 'cycle', id: cycle.id, version: cycle.version },
  };
}

function versionBlock(cycle: Cycle, version: Version, before: Version | undefined, actor: Actor): Block {
  const changes: ListItem[] = before
    ? diffContent(before.content, version.content).map(changeItem)
    : [{ text: `As planned: ${version.content.deliverables.map(({ title }) => title).join(', ')}` }];
  const approvals = PARTIES.flatMap((side): ListItem[] => {
    const signed = approvalsOf(version, side).map((approval): ListItem => {
      const text = `Approved for ${partyName(cycle, side)}`;
      return { text, detail: approvalText(approval, actor.timezone), mark: 'done' };
    });
    const text = `Not approved for ${partyName(cycle, side)}${signed.length ? ' by enough of them' : ''}`;
    return hasAgreed(version, side) ? signed : [...signed, { text, mark: 'open' }];
  });
  return {
    kind: 'list',
    title: `Version ${version.number}, ${version.byName}, ${timeText(version.at, actor.timezone)}`,
    items: [...changes, ...approvals],
  };
}

function timelineBlock(cycle: Cycle, actor: Actor): Block {
  const items = happenings(cycle)
    .filter(({ timed }) => timed)
    .map(({ at, who, lines }) => ({ at: timeText(at, actor.timezone), who, text: lines.join('; ') }));
  return { kind: 'timeline', title: 'What happened', items };
}

/** A project's work order, each cycle opened by a press. */
export function workOrderFace(project: WorkOrder, count: number, actor: Actor): Face<CycleLine> {
  const empty = 'No cycles yet.';
  const { inReview, disputed } = project.counts;
  return {
    title: `Cycles of ${project.projectName}`,
    tone: disputed || inReview ? 'attention' : 'neutral',
    lead: [{ kind: 'facts', facts: countFacts(project.counts) }],
    line: lineItem,
    empty: runsCycles(actor) ? `${empty} Plan the first one.` : empty,
    actions: runsCycles(actor) ? [planButton(project)] : [],
    fallback: count ? `${count} cycles of ${project.projectName}.` : empty,
    about: { entity: 'project', id: project.projectId, version: 0 },
  };
}

interface WorkOrder {
  projectId: string;
  projectName: string;
  counts: Counts;
}

/** How many stand where; nothing is said of where none stands. */
function countFacts(counts: Counts): { label: string; value: string }[] {
  const { upcoming, inProgress: in_progress, inReview: in_review, disputed, completed } = counts;
  const byStatus = { upcoming, in_progress, in_review, disputed, completed };
  return STATUSES.filter((status) => byStatus[status]).map((status) => ({
    label: STATUS_LABELS[status],
    value: String(byStatus[status]),
  }));
}

export const STATUS_LABELS: Readonly<Record<Cycle['status'], string>> = {
  upcoming: 'Upcoming',
  in_progress: 'In progress',
  in_review: 'In review',
  disputed: 'Disputed',
  completed: 'Completed',
};

function lineItem({ id, name, status, startsOn, endsOn, progress }: CycleLine): ListItem {
  return {
    text: name,
    detail: [
      STATUS_LABELS[status],
      `${dayText(startsOn)} – ${dayText(endsOn)}`,
      ...(progress === null ? [] : [`${progress}% done`]),
    ].join(' · '),
    mark: status === 'completed' ? 'done' : 'open',
    button: { kind: 'button', label: 'Open', press: shown({ id }) },
  };
}

function planButton({ projectId }: WorkOrder): Button {
  const press = { target: 'cycle.plan', input: { project: projectId } };
  return { kind: 'button', label: 'Plan a cycle…', word: 'PLAN', style: 'primary', press };
}
