import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { isTeam } from '../people/index.ts';
import * as commands from './commands.ts';
import { listAll, listRequirements } from './lists.ts';
import {
  accepted,
  asked,
  changed,
  noted,
  overdue,
  provided,
  reminded,
  replied,
  requirement,
  returned,
  withdrawn,
} from './requirement.ts';
import { requirementSchedule } from './schedule.ts';
import { showFile, showHistory, showMessage, showRequirement, showThread } from './views.ts';
import { waitingRequirements } from './waiting.ts';

/** What the firm needs of its clients: asked for, provided, and accepted or returned. */
export const requirements = area({
  name: 'requirements',
  things: [requirement],
  commands: Object.values(commands),
  views: [showRequirement, showThread, showMessage, showFile, showHistory, listRequirements, listAll],
  announcements: [
    // The lasting card: who has it sees it change in place.
    ...[changed, accepted, withdrawn].map((on) =>
      announce<unknown>(on, 'card', ({ about }) => requirement.showing(about.id)),
    ),
    // Somebody is to act: a message of its own, because nobody looks at an old card that changed in place.
    ...[asked, provided, returned, overdue].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => requirement.showing(about.id)),
    ),
    // Nobody is reminded of what was provided, or is not needed any more, before the reminder reached them.
    announce<unknown>(reminded, 'alert', ({ about }) => requirement.showing(about.id), {
      until: [provided, withdrawn],
    }),
    // What was said, as a message of its own in the thread of the requirement's card.
    ...[replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'requirement.message', input: { message: data.message } })),
    ),
  ],
  message: 'requirement.message',
  waiting: [{ thing: requirement, read: waitingRequirements }],
  menu: [
    { label: 'What is needed', press: { target: 'requirement.all', input: {} } },
    { label: 'Ask for something…', press: { target: 'requirement.ask', input: {} }, who: isTeam },
  ],
  schedules: [requirementSchedule],
});
