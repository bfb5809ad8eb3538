import { z } from 'zod';
import { followActivity } from './activity.ts';
import { discordActs } from './discord-acts.ts';
import { discordPart } from './discord-part.ts';
import { jiraActs } from './jira-acts.ts';
import { jiraPart } from './jira-part.ts';
import { mailActs, mailHtml, mailPart } from './mail-part.ts';
import { paneRows } from './personas.ts';
import { Presses } from './presses.ts';
import type { Controls } from './server.ts';
import { slackActs } from './slack-acts.ts';
import { slackPart } from './slack-part.ts';
import { shownStories } from './stories/index.ts';
import { teamsActs } from './teams-acts.ts';
import { teamsPart } from './teams-part.ts';
import type { World } from './world.ts';

/** From a moment to a month, in milliseconds. */
const Jump = z.object({
  milliseconds: z
    .number()
    .int()
    .min(1)
    .max(31 * 86_400_000),
});

/** The demo's world as the page sees it. */
export function controlsOf(world: World): Controls & { stop(): void } {
  const presses = new Presses();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const standIns = [world.slack, world.teams, world.discord, world.mail, world.jira];
  for (const { changes } of standIns) changes.on('change', changed);
  const following = followActivity(world, () => listeners.size > 0, changed);
  const rows = paneRows(world);
  const at = (real: number) => demoTime(world, real);
  return {
    stories: shownStories(),
    parts: async () => ({
      rows,
      clock: { offset: world.memory.jumps.at(-1)?.offset ?? 0 },
      // What is to be tried marks a pane: before the panes fill, so that nothing is pushed down later.
      ...(await following.latest()),
      slack: slackPart(world.slack.workspace, at),
      teams: teamsPart(world.teams.conversations(), at),
      discord: discordPart(world.discord.state(), at),
      mail: mailPart(world),
      jira: jiraPart(world.jira.snapshot()),
      presses: presses.list(),
    }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    acts: telling(changed, {
      ...slackActs(world, presses),
      ...teamsActs(world, presses),
      ...discordActs(world, presses),
      ...mailActs(world),
      ...jiraActs(world),
      jump: (input) => jump(world, Jump.parse(input).milliseconds),
      'press-again': async ({ id, how }) => {
        await (how === 'twice' ? presses.get(id).twice() : presses.get(id).again());
        return { say: how === 'twice' ? 'Delivered again: nothing was done twice.' : 'Pressed again, as it was then.' };
      },
    }),
    mail: (id) => mailHtml(world, id),
    stop: () => {
      following.stop();
      for (const { changes } of standIns) changes.off('change', changed);
    },
  };
}

/** What only the console knows (recorded presses, the clock) changes by its own acts. */
function telling(changed: () => void, acts: Controls['acts']): Controls['acts'] {
  const tells = Object.entries(acts).map(([name, act]) => [
    name,
    (input: Record<string, unknown>) => act(input).finally(changed),
  ]);
  return Object.fromEntries(tells) as Controls['acts'];
}

/** Moves the clock on and asks every schedule at once whether something is due by now. */
async function jump({ clock, memory, hub, remember }: World, milliseconds: number): Promise<void> {
  clock.jump(milliseconds);
  memory.jumps.push({ since: Date.now(), offset: (memory.jumps.at(-1)?.offset ?? 0) + milliseconds });
  remember();
  const schedules = hub.app.registry.areas.flatMap((area) => area.schedules);
  await hub.app.jobs.ask(schedules.map(({ name }) => ({ queue: 'sweep', key: name, data: { schedule: name } })));
}

/** Platforms stamp their messages with real time; on the page they happened at the demo's. */
function demoTime({ memory }: World, real: number): number {
  return real + (memory.jumps.findLast(({ since }) => since <= real)?.offset ?? 0);
}
