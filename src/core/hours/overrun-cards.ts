import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { isTeam } from '../people/index.ts';
import { timeText } from './duration.ts';
import { overrun as thing } from './overrun.ts';
import type { Overrun } from './overrun-schema.ts';
import { called, monthText } from './wording.ts';

const LABELS = {
  asked: 'Waiting for an answer',
  approved: 'Approved',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  unanswered: 'Not answered',
} as const;
const TONES = {
  asked: 'attention',
  approved: 'good',
  declined: 'danger',
  withdrawn: 'neutral',
  unanswered: 'neutral',
} as const;

/** What the client is asked for, why, and how the month stood then. */
export function overrunCard(overrun: Overrun, actor: Actor): Card {
  const { minutes, month, reason, clientName, projectName, agreed, used, askedBy, askedAt } = overrun;
  const client = isTeam(actor) ? [{ label: 'Client', value: clientName }] : [];
  const stands = standingOf(overrun);
  return {
    title: `${timeText(minutes)} more for ${monthText(month)}`,
    tone: TONES[stands],
    status: LABELS[stands],
    blocks: [
      ...(stands === 'asked' ? remindedBlocks(overrun, actor) : []),
      ...endBlock(overrun, actor),
      { kind: 'text', text: reason },
      {
        kind: 'facts',
        facts: [
          ...client,
          { label: 'Project', value: projectName },
          { label: 'Agreed before', value: timeText(agreed) },
          { label: 'Used by then', value: timeText(used) },
          { label: 'It would be', value: timeText(agreed + minutes) },
          { label: 'Asked by', value: `${askedBy}, ${momentText(askedAt, actor.timezone)}` },
        ],
      },
    ],
    actions: thing.buttons(overrun, actor),
    fallback: `${timeText(minutes)} more for ${called(overrun)} (${LABELS[stands].toLowerCase()}): ${reason}`,
    about: { entity: 'overrun', id: overrun.id, version: overrun.version },
  };
}

/** Nobody answers it any more once its month is signed. */
function standingOf({ status, isClosed }: Overrun): keyof typeof LABELS {
  return status === 'asked' && isClosed ? 'unanswered' : status;
}

/** How it ended. */
function endBlock(overrun: Overrun, { timezone }: Actor): { kind: 'text'; text: string }[] {
  const { answer } = overrun;
  const stands = standingOf(overrun);
  if (stands === 'unanswered') return [{ kind: 'text', text: 'The month was signed before this was answered.' }];
  if (!answer) return [];
  const text = `${LABELS[stands]} by ${answer.byName}, ${momentText(answer.at, timezone)}`;
  return [{ kind: 'text', text: answer.reason ? `${text}: ${answer.reason}` : `${text}.` }];
}
