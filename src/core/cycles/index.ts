import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import * as commands from './commands.ts';
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
import { runsCycles } from './rules.ts';
import { cycleSchedule } from './schedules.ts';
import { listCycles, showCycle, showHistory, showMessage, showThread } from './views.ts';
import { waitingCycles } from './waiting.ts';

export { scopesOf } from './queries.ts';

/** What firm and client agreed on, when it is looked at, and whether it is taken: the heart of the product. */
export const cycles = area({
  name: 'cycles',
  things: [cycle],
  commands: Object.values(commands),
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
    ...[reviewOpened, disputed].map((on) => announce<unknown>(on, 'alert', ({ about }) => cycle.showing(about.id))),
    // An approval that runs out comes at once; nobody is reminded of a review that ended before the reminder reached them.
    announce<unknown>(reviewReminded, 'alert', ({ about }) => cycle.showing(about.id), {
      tier: 'critical',
      until: [completed, disputed],
    }),
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
