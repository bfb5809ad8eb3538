import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import * as commands from './commands.ts';
import {
  agreedAnew,
  approved,
  changesAsked,
  deliverable,
  noted,
  reminded,
  reopened,
  replied,
  shared,
  withdrawn,
} from './deliverable.ts';
import { listDeliverables, showOfCycle } from './lists.ts';
import { deliverableSchedule } from './schedule.ts';
import { showDeliverable, showMessage, showThread } from './views.ts';
import { waitingDeliverables } from './waiting.ts';

export { agreedAnew, approved, planned, reopened, shared, withdrawn } from './deliverable.ts';
export { deliverablesDone } from './queries.ts';
export { followScope } from './scope.ts';

/** What a client gets of a cycle: shared for review, approved or sent back. */
export const deliverables = area({
  name: 'deliverables',
  things: [deliverable],
  commands: Object.values(commands),
  views: [showDeliverable, showThread, showMessage, listDeliverables, showOfCycle],
  announcements: [
    // The lasting card of the deliverable: who has it sees it change in place.
    ...[approved, withdrawn, reopened, agreedAnew].map((on) =>
      announce<unknown>(on, 'card', ({ about }) => deliverable.showing(about.id)),
    ),
    // Somebody is asked to act: a message of its own, because nobody looks at an old card that changed in place.
    ...[shared, changesAsked].map((on) => announce<unknown>(on, 'alert', ({ about }) => deliverable.showing(about.id))),
    // Nobody is reminded of what was decided before the reminder reached them.
    announce<unknown>(reminded, 'alert', ({ about }) => deliverable.showing(about.id), {
      until: [approved, changesAsked, withdrawn, shared],
    }),
    // What was said, as a message of its own in the thread of the deliverable's card.
    ...[replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'deliverable.message', input: { message: data.message } })),
    ),
  ],
  waiting: [{ thing: deliverable, read: waitingDeliverables }],
  message: 'deliverable.message',
  schedules: [deliverableSchedule],
});
