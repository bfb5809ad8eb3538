import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { agreeCycle } from './agree-cycle.ts';
import { approveCycle } from './approve-cycle.ts';
import { completeCycle } from './complete-cycle.ts';
import {
  approved,
  completed,
  cycle,
  disputed,
  disputeResolved,
  noted,
  planned,
  replied,
  reviewOpened,
  reviewReminded,
  scopeChanged,
} from './cycle.ts';
import { disputeCycle } from './dispute-cycle.ts';
import { editScope } from './edit-scope.ts';
import { noteOnCycle } from './note-on-cycle.ts';
import { openReview } from './open-review.ts';
import { planCycle } from './plan-cycle.ts';
import { remindReview } from './remind-review.ts';
import { replyToCycle } from './reply-to-cycle.ts';
import { resolveDispute } from './resolve-dispute.ts';
import { runsCycles } from './rules.ts';
import { cycleSchedule } from './schedules.ts';
import { startCycle } from './start-cycle.ts';
import { listCycles, showCycle, showHistory, showMessage, showThread } from './views.ts';
import { waitingCycles } from './waiting.ts';

export { scopesOf } from './queries.ts';

/** What firm and client agreed on, when it is looked at, and whether it is taken: the heart of the product. */
export const cycles = area({
  name: 'cycles',
  things: [cycle],
  // In the order of their buttons on the card.
  commands: [
    planCycle,
    approveCycle,
    completeCycle,
    disputeCycle,
    resolveDispute,
    startCycle,
    openReview,
    remindReview,
    editScope,
    replyToCycle,
    noteOnCycle,
    agreeCycle,
  ],
  views: [showCycle, showHistory, showThread, showMessage, listCycles],
  announcements: [
    // The lasting card of the cycle: who has it sees it change in place.
    ...[planned, approved, completed].map((on) =>
      announce<unknown>(on, 'card', ({ about }) => cycle.showing(about.id)),
    ),
    // Somebody is asked to act again: a message of its own, because nobody looks at an old card that changed in place.
    ...[scopeChanged, disputeResolved].map((on) =>
      announce<unknown>(on, 'reply', ({ about }) => cycle.showing(about.id)),
    ),
    ...[reviewOpened, reviewReminded, disputed].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => cycle.showing(about.id)),
    ),
    // What was said, as a message of its own in the thread of the cycle's card.
    ...[replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'cycle.message', input: { message: data.message } })),
    ),
  ],
  waiting: [{ thing: cycle, read: waitingCycles }],
  menu: [{ label: 'Plan a cycle…', press: { target: 'cycle.plan', input: {} }, who: runsCycles }],
  message: 'cycle.message',
  renames: [scopeChanged.name],
  schedules: [cycleSchedule],
});
