import { ruleSet } from '../approvals/index.ts';
import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { contactAdded, deactivated, grantChanged, joinedProject, leftProject, roleChanged } from '../people/index.ts';
import * as commands from './commands.ts';
import {
  approved,
  completed,
  counted,
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
  reactions: [
    // Who of the client must approve is another matter from now on.
    ...[ruleSet, contactAdded, deactivated, grantChanged, joinedProject, leftProject, roleChanged].map((on) =>
      reactTo<unknown>(on, ({ clientId }) =>
        clientId ? { name: 'cycle.count-approvals', input: { client: clientId } } : null,
      ),
    ),
  ],
  announcements: [
    // The lasting card of the cycle: who has it sees it change in place.
    ...[planned, approved, counted, completed].map((on) =>
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
