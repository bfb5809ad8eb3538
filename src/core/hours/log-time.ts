import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import { reads } from '../kernel/actor.ts';
import type { Asking } from '../kernel/asking.ts';
import type { Press } from '../kernel/card.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { dayText, todayOf } from '../kernel/dates.ts';
import { wrong } from '../kernel/faults.ts';
import { chosen, line, optional, otherwise } from '../kernel/field.ts';
import type { CommandForm } from '../kernel/form.ts';
import { formCard } from '../kernel/form.ts';
import { allow, doneCard } from '../kernel/thing-definition.ts';
import { isFirm } from '../people/index.ts';
import { isBeyondIn, isSeen, lineOf, standText, writeCounted } from './booking.ts';
import { timeText } from './duration.ts';
import { entry, logged } from './entry.ts';
import { insertEntry, minutesOn } from './entry-queries.ts';
import type { Ground, Worker } from './ground.ts';
import {
  partNamed,
  projectChoices,
  projectOfPart,
  projectsToChoose,
  readGround,
  teamToChoose,
  workerNamed,
} from './ground.ts';
import { billable, minutesOf, note, requireBegun, requireRoom, time, worked } from './log-fields.ts';
import { book } from './month.ts';
import { periodOn } from './period-queries.ts';
import { mayLog, runsHours } from './rules.ts';
import { readSpoken } from './spoken.ts';

const fields = {
  project: chosen({ label: 'Project', none: 'There is no open project for which you may log time.' }),
  time,
  note,
  day: optional(worked),
  part: optional(line({ label: 'Ticket or cycle', most: 120, hint: 'Like #12, or what the cycle is called.' })),
  billable: otherwise('yes', billable),
  person: optional(chosen({ label: 'Whose time?', hint: 'Yours, where nobody is chosen.' })),
};

// A mail's words come as what its first field holds.
const opens = z.object({
  project: z.uuid().optional(),
  words: z.string().optional(),
  time: z.string().optional(),
});

/** The form holds what was said behind the word, field by field. */
const form: CommandForm = {
  fields,
  opens,
  wide: true,
  draw: async (context, opened, { target }) => {
    allow(isFirm(context.actor) && reads(context.actor, 'projects'));
    const about = { entity: 'home', id: context.newId(), version: 0 };
    const given = opened as z.infer<typeof opens>;
    const press: Press = { target, input: given.project ? { project: given.project } : {} };
    return formCard(press, { title: 'Log time', submit: 'Log', about }, fields, await asking(context, given));
  },
};

async function asking(
  context: Context,
  { project, time: written = '', words = written }: z.infer<typeof opens>,
): Promise<Asking> {
  const { actor, now } = context;
  const projects = (await projectsToChoose(context, project ?? null)).filter(({ id }) =>
    mayLog(actor, { projectId: id }),
  );
  const spoken = readSpoken(words, projects);
  const named = project ?? spoken.project ?? (await projectOfPart(context, spoken.part));
  return {
    values: {
      ...{ ...spoken, day: todayOf(now, actor.timezone) },
      project: projects.some(({ id }) => id === named) ? named : null,
    },
    choices: { project: projectChoices(projects), person: runsHours(actor) ? await teamToChoose(context) : [] },
  };
}

/** Writes down what somebody worked on one day. */
export const logTime = command({
  name: 'hours.log',
  word: { say: 'log', label: 'Log time', about: 'for the firm: write down what you worked', takes: 'words' },
  module: 'projects',
  // The words behind `log` are for the form alone: what they say stands in its fields.
  input: z.strictObject(fields),
  form,
  load: (context, { project }) => readGround(context, project),
  policy: (actor, ground) => mayLog(actor, ground),
  handle: async (context, input, ground) => {
    const { now, newId } = context;
    const minutes = minutesOf('time', input.time);
    const worker = await workerOf(context, ground, input.person);
    const day = input.day ?? todayOf(now, worker.timezone);
    requireBegun(day, now, worker.timezone);
    const part = await partNamed(context, ground, input.part);
    // The month before the person's day, as whoever changes an entry locks them.
    const before = await periodOn(context, ground, day.slice(0, 7));
    requireRoom(minutes, await minutesOn(context, worker.id, day));
    const typed = {
      id: newId(),
      personId: worker.id,
      personName: worker.name,
      day,
      minutes,
      note: input.note,
      ...part,
    };
    const counts = { ...typed, billable: input.billable === 'yes', isShared: false };
    const decided = book(before, null, lineOf(counts));
    const { after, events } = await writeCounted(context, before, decided);
    const { id, ...said } = counts;
    const made = await insertEntry(context, id, {
      ...{ ...said, ...ground, periodId: before.id, month: before.month },
      ...{ isBeyond: isBeyondIn(after, id), isShared: isSeen(before, counts) },
    });
    const say = `${timeText(minutes)} are logged for ${ground.projectName}, ${dayText(day)}.${standText(after, context.actor)}`;
    return { events: [logged.of(null, made), ...events], output: entry.done(made, say) };
  },
  reply: (output) => doneCard(entry, output),
});

/** Whoever logs, or somebody else where their right to billing lets them. */
async function workerOf(context: Context, ground: Ground, person: string | undefined): Promise<Worker> {
  const own = ownOf(context.actor);
  if (person === undefined || person === own?.id) return own ?? noPerson();
  if (!runsHours(context.actor)) throw wrong({ person: 'is not you: log your own time' });
  return workerNamed(context, ground, person);
}

function ownOf(actor: Actor): Worker | null {
  return actor.kind === 'person' ? { id: actor.personId, name: actor.name, timezone: actor.timezone } : null;
}

function noPerson(): never {
  throw wrong({ person: 'is needed: say whose time it is' });
}
