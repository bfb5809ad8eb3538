import { ruleSet } from '../approvals/index.ts';
import {
  agreedAnew,
  approved as deliverableApproved,
  planned as deliverablePlanned,
  reopened as deliverableReopened,
  shared as deliverableShared,
  withdrawn as deliverableWithdrawn,
} from '../deliverables/index.ts';
import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { contactAdded, deactivated, grantChanged, joinedProject, leftProject, roleChanged } from '../people/index.ts';
import { added, dropped, finished, moved, reopened } from '../tasks/index.ts';
import * as commands from './commands.ts';
import {
  approvalReminded,
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
  turnCame,
} from './cycle.ts';
import { runsCycles } from './rules.ts';
import { cycleSchedule } from './schedules.ts';
import { cycleFigures, cyclesOfClients, cyclesOfProjects } from './standing.ts';
import { listCycles, showCycle, showHistory, showMessage, showThread } from './views.ts';
import { waitingCycles } from './waiting.ts';

export { completed, progressed } from './cycle.ts';
export { cyclesDone, scopesOf } from './queries.ts';

/** What firm and client agreed on, when it is looked at, and whether it is taken: the heart of the product. */
export const cycles = area({
  name: 'cycles',
  things: [cycle],
  commands: Object.values(commands),
  views: [showCycle, showHistory, showThread, showMessage, listCycles],
  reactions: [
    // What both sides signed is what is delivered.
    reactTo(approved, ({ about, data }) =>
      data.both ? { name: 'cycle.follow-scope', input: { cycle: about.id } } : null,
    ),
    reactTo(counted, ({ about, data }) =>
      data.agreed ? { name: 'cycle.follow-scope', input: { cycle: about.id } } : null,
    ),
    // It is as far as its deliverables and tasks are.
    ...[
      deliverablePlanned,
      deliverableShared,
      deliverableApproved,
      deliverableWithdrawn,
      deliverableReopened,
      agreedAnew,
    ].map((on) => reactTo(on, ({ data }) => counting(data.cycle))),
    ...[added, finished, reopened, dropped, moved].map((on) => reactTo(on, ({ data }) => counting(data.cycleId))),
    reactTo(moved, ({ data }) => counting(data.fromCycle)),
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
    ...[reviewOpened, disputed].map((on) => announce<unknown>(on, 'alert', ({ about }) => cycle.showing(about.id))),
    // An approval that runs out comes at once; nobody is reminded of a review that ended before the reminder reached them.
    announce<unknown>(reviewReminded, 'alert', ({ about }) => cycle.showing(about.id), {
      tier: 'critical',
      until: [completed, disputed],
    }),
    announce<unknown>(turnCame, 'alert', ({ about }) => cycle.showing(about.id), { until: [scopeChanged, completed] }),
    announce<unknown>(approvalReminded, 'alert', ({ about }) => cycle.showing(about.id), {
      until: [approved, scopeChanged, completed],
    }),
    // What was said, as a message of its own in the thread of the cycle's card.
    ...[replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'cycle.message', input: { message: data.message } })),
    ),
  ],
  waiting: [{ thing: cycle, read: waitingCycles }],
  figures: [{ thing: cycle, read: cycleFigures }],
  standings: [
    { of: 'client', thing: cycle, read: cyclesOfClients },
    { of: 'project', thing: cycle, read: cyclesOfProjects },
  ],
  menu: [{ label: 'Plan a cycle…', press: { target: 'cycle.plan', input: {} }, who: runsCycles }],
  message: 'cycle.message',
  renames: [scopeChanged.name],
  schedules: [cycleSchedule],
});

function counting(cycle: string | null | undefined) {
  return cycle ? { name: 'cycle.count-progress', input: { cycle } } : null;
}
