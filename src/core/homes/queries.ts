import { z } from 'zod';
import type { Module } from '../kernel/actor.ts';
import { reads } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Figures, Standing, Standpoint } from '../kernel/standing.ts';
import type { Waiting } from '../kernel/waiting.ts';
import { projectsUnderWay } from '../projects/index.ts';

/** A word that people may write. */
export const Said = z.strictObject({ say: z.string(), about: z.string().describe('What it is for') });
export type Said = z.infer<typeof Said>;

const Shows = z.strictObject({ target: z.string(), input: z.record(z.string(), z.string()) });

/** One thing that waits for somebody. */
export const WaitingItem = z.strictObject({
  text: z.string(),
  detail: z.string(),
  view: Shows.describe('The view that shows it'),
});
export type WaitingItem = z.infer<typeof WaitingItem>;

/** How many things a home lists: more than fit on a screen help nobody; the rest is behind the lists themselves. */
const MOST = 12;

/** What waits for the actor, as the areas say it and as far as they may see it; the areas' order is that of what presses most. */
export async function waitingFor(context: Context, waiting: readonly Waiting[]): Promise<WaitingItem[]> {
  const items: WaitingItem[] = [];
  for (const { thing, read } of waiting) {
    if (items.length >= MOST) break;
    if (!isReadable(context, thing.module)) continue;
    const found = await read(context, MOST - items.length);
    items.push(...found.map(({ id, text, detail }) => ({ text, detail, view: thing.showing(id) })));
  }
  return items;
}

/** One number of a home. */
export const HomeFigure = z.strictObject({
  label: z.string().describe('What is counted'),
  value: z.string().describe('How much it is'),
  isLate: z.boolean().describe('Whether somebody should look'),
  view: Shows.nullable().describe('The view that shows what was counted'),
});
export type HomeFigure = z.infer<typeof HomeFigure>;

/** What the areas count for the actor, in the areas' order. */
export async function figuresFor(context: Context, figures: readonly Figures[]): Promise<HomeFigure[]> {
  const readable = figures.filter(({ thing }) => isReadable(context, thing.module));
  const all = await Promise.all(readable.map(({ read }) => read(context)));
  return all.flat().map(({ label, value, isLate = false, view = null }) => ({ label, value, isLate, view }));
}

/** How one of several stands, as the areas say it. */
export const Stand = z.strictObject({
  text: z.string().describe('How it stands, in words'),
  isLate: z.boolean().describe('Whether somebody should look'),
});
export type Stand = z.infer<typeof Stand>;

/** How each of these stands, in the areas' order. */
export async function standingsOf(
  context: Context,
  standings: readonly Standing[],
  of: Standpoint,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Stand[]>> {
  const found = new Map<string, Stand[]>(ids.map((id) => [id, []]));
  if (!ids.length) return found;
  const readable = standings.filter((one) => one.of === of && isReadable(context, one.thing.module));
  for (const stands of await Promise.all(readable.map(({ read }) => read(context, ids))))
    for (const { id, text, isLate = false } of stands) found.get(id)?.push({ text, isLate });
  return found;
}

function isReadable({ actor }: Context, module: Module | null): boolean {
  return module === null || reads(actor, module);
}

/** A project as a home lists it. */
export const HomeProject = z.strictObject({
  id: z.uuid().describe('The project’s id'),
  name: z.string().describe('What it is called'),
  clientName: z.string().describe('Whose it is'),
  stage: z.string().describe('In which stage it is'),
  percent: z.int().nullable().describe('How far its phases are on average, in per cent'),
  stands: z.array(Stand).describe('How it stands, as each area says it'),
});
export type HomeProject = z.infer<typeof HomeProject>;

/** A home lists so many; all are behind “Projects”. */
const PROJECTS = 6;

/** The open projects of whoever works in some of them. Who runs the whole firm has lists for them. */
export async function projectsFor(context: Context, standings: readonly Standing[]): Promise<HomeProject[]> {
  const { actor } = context;
  const isEverywhere = actor.kind !== 'person' || actor.role === 'admin' || actor.role === 'partner';
  if (isEverywhere || !reads(actor, 'projects')) return [];
  const projects = await projectsUnderWay(context, PROJECTS);
  const stands = await standingsOf(
    context,
    standings,
    'project',
    projects.map(({ id }) => id),
  );
  return projects.map((project) => ({ ...project, stands: stands.get(project.id) ?? [] }));
}
