import type { Announcement, Audience } from '../kernel/event.ts';
import type { Area } from '../kernel/registry.ts';
import { approveCycle } from './approve-cycle.ts';
import { completeCycle } from './complete-cycle.ts';
import { EVENTS, runsCycles } from './cycle.ts';
import { disputeCycle } from './dispute-cycle.ts';
import { editScope } from './edit-scope.ts';
import { noteOnCycle } from './note-on-cycle.ts';
import { openReview } from './open-review.ts';
import { planCycle } from './plan-cycle.ts';
import { remindReview } from './remind-review.ts';
import { replyToCycle } from './reply-to-cycle.ts';
import { resolveDispute } from './resolve-dispute.ts';
import { cycleSchedule } from './schedules.ts';
import { startCycle } from './start-cycle.ts';
import {
  listCycles,
  showCycle,
  showDisputeForm,
  showHistory,
  showMessage,
  showNoteForm,
  showPlanForm,
  showReplyForm,
  showResolveForm,
  showScopeForm,
  showThread,
} from './views.ts';

const CLIENT: Audience = { audience: 'client' };
const INTERNAL: Audience = { audience: 'internal' };
const TRIAGE: Audience = { audience: 'triage' };

/** What firm and client agreed on, when it is looked at, and whether it is taken: the heart of the product. */
export const cycles: Area = {
  name: 'cycles',
  commands: [
    planCycle,
    editScope,
    approveCycle,
    startCycle,
    openReview,
    remindReview,
    completeCycle,
    disputeCycle,
    resolveDispute,
    replyToCycle,
    noteOnCycle,
  ],
  views: [
    showCycle,
    showHistory,
    showThread,
    showMessage,
    listCycles,
    showPlanForm,
    showScopeForm,
    showDisputeForm,
    showResolveForm,
    showReplyForm,
    showNoteForm,
  ],
  reactions: [],
  announcements: [
    // The lasting card of the cycle: who has it sees it change in place.
    cardOn(EVENTS.planned, 'card', [CLIENT, INTERNAL]),
    cardOn(EVENTS.approved, 'card', [CLIENT, INTERNAL, TRIAGE]),
    cardOn(EVENTS.completed, 'card', [CLIENT, INTERNAL, TRIAGE]),
    // Somebody is asked to act again: a message of its own, because nobody looks at an old card that changed in place.
    cardOn(EVENTS.scopeChanged, 'reply', [CLIENT, INTERNAL]),
    cardOn(EVENTS.reviewOpened, 'alert', [CLIENT, INTERNAL]),
    cardOn(EVENTS.reviewReminded, 'alert', [CLIENT]),
    cardOn(EVENTS.disputed, 'alert', [CLIENT, INTERNAL, TRIAGE]),
    cardOn(EVENTS.disputeResolved, 'reply', [CLIENT, INTERNAL]),
    messageOn(EVENTS.replied, [CLIENT, INTERNAL, TRIAGE]),
    messageOn(EVENTS.noted, [INTERNAL, TRIAGE]),
  ],
  menu: [{ label: 'Plan a cycle…', press: { target: 'cycle.plan-form', input: {} }, who: runsCycles }],
  shows: { cycle: 'cycle.show' },
  message: 'cycle.message',
  renames: [EVENTS.scopeChanged],
  answers: { cycle: 'cycle.reply' },
  notes: { cycle: 'cycle.note' },
  schedules: [cycleSchedule],
};

/** What was said, as a message of its own in the thread of the cycle's card. */
function messageOn(on: string, audience: Audience[]): Announcement {
  return {
    on,
    as: 'reply',
    audience: () => audience,
    view: (event) => ({ target: 'cycle.message', input: { message: String(event.data.message) } }),
  };
}

function cardOn(on: string, as: Announcement['as'], audience: Audience[]): Announcement {
  return {
    on,
    as,
    audience: () => audience,
    view: (event) => ({ target: 'cycle.show', input: { cycle: event.about.id } }),
  };
}
