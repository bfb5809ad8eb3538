import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { isTeam } from '../people/index.ts';
import * as commands from './commands.ts';
import { entry } from './entry.ts';
import { listOfPeriod, listOfPerson } from './entry-lists.ts';
import { approved, asked, declined, overrun, reminded as overrunReminded, withdrawn } from './overrun.ts';
import { disputed, period, reminded, sent, signed, unsent, warned } from './period.ts';
import { listOfProject, listPeriods } from './period-lists.ts';
import { hoursSchedule, overrunReminders, signatureReminders } from './schedule.ts';
import { showEntry, showOverrun, showPeriod } from './views.ts';
import { waitingOverruns, waitingPeriods } from './waiting.ts';
import { showWeek } from './week.ts';

export type { Billable } from './billing.ts';
export { billableChoices, billableForUpdate, billHours, projectOfPeriod, releaseHours } from './billing.ts';
export { monthText } from './wording.ts';

/** What was worked: logged by the team, agreed on and signed by the client, and billed by invoices. Minutes, and no money. */
export const hours = area({
  name: 'hours',
  things: [entry, period, overrun],
  commands: Object.values(commands),
  views: [showEntry, showPeriod, showOverrun, listOfPeriod, listOfPerson, listPeriods, listOfProject, showWeek],
  reactions: [
    ...[approved, withdrawn].map((on) => reactTo(on, ({ data }) => counting(data.period))),
    reactTo(declined, ({ data }) => counting(data.period)),
  ],
  announcements: [
    // The lasting card: who has it sees it change in place.
    announce<unknown>(signed, 'card', ({ about }) => period.showing(about.id)),
    ...[approved, declined, withdrawn].map((on) =>
      announce<unknown>(on, 'card', ({ about }) => overrun.showing(about.id)),
    ),
    // Somebody is to act: a message of its own.
    ...[sent, disputed, warned, unsent].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => period.showing(about.id)),
    ),
    announce<unknown>(asked, 'alert', ({ about }) => overrun.showing(about.id)),
    // Nobody is reminded of what was answered before the reminder reached them.
    announce<unknown>(reminded, 'alert', ({ about }) => period.showing(about.id), { until: [signed, disputed] }),
    announce<unknown>(overrunReminded, 'alert', ({ about }) => overrun.showing(about.id), {
      until: [approved, declined, withdrawn],
    }),
  ],
  waiting: [
    { thing: overrun, read: waitingOverruns },
    { thing: period, read: waitingPeriods },
  ],
  menu: [
    { label: 'Hours', press: { target: 'period.list', input: {} } },
    { label: 'My week', press: { target: 'entry.week', input: {} }, who: isTeam },
    { label: 'Log time…', press: { target: 'hours.log', input: {} }, who: isTeam },
  ],
  schedules: [hoursSchedule, signatureReminders, overrunReminders],
});

function counting(period: string) {
  return { name: 'period.count', input: { period } };
}
