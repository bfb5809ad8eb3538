import type { Announcement, Audience } from '../kernel/event.ts';
import type { Area } from '../kernel/registry.ts';
import { approveCycle } from './approve-cycle.ts';
import { completeCycle } from './complete-cycle.ts';
import { EVENTS } from './cycle.ts';
import { disputeCycle } from './dispute-cycle.ts';
import { editScope } from './edit-scope.ts';
import { openReview } from './open-review.ts';
import { planCycle } from './plan-cycle.ts';
import { remindReview } from './remind-review.ts';
import { resolveDispute } from './resolve-dispute.ts';
import { cycleSchedule } from './schedules.ts';
import { startCycle } from './start-cycle.ts';
import {
  listCycles,
  showCycle,
  showDisputeForm,
  showHistory,
  showPlanForm,
  showResolveForm,
  showScopeForm,
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
  ],
  views: [showCycle, showHistory, listCycles, showPlanForm, showScopeForm, showDisputeForm, showResolveForm],
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
  ],
  shows: { cycle: 'cycle.show' },
  // What is written in answer to a cycle's card, without one of its words, is for staff to read: no command takes it.
  answers: {},
  schedules: [cycleSchedule],
};

function cardOn(on: string, as: Announcement['as'], audience: Audience[]): Announcement {
  return {
    on,
    as,
    audience: () => audience,
    view: (event) => ({ target: 'cycle.show', input: { cycle: event.about.id } }),
  };
}
