import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { agreedAnew, planned, withdrawn } from './deliverable.ts';
import type { Ground } from './queries.ts';
import { deliverablesForUpdate } from './queries.ts';
import { agreeOn, leaveOut } from './review.ts';
import type { Deliverable } from './schema.ts';
import { byOf } from './schema.ts';
import { insertDeliverable, writeDeliverable } from './write.ts';

/** What the scope that both sides signed says of one. */
interface Agreed {
  title: string;
  detail?: string;
}

/**
 * Makes the deliverables of a cycle those that both sides signed: plans what is new, describes anew what is described otherwise, takes
 * out what is left out. What was planned by hand stays as it is, or becomes the agreed one of its name. The cycle is locked by whoever
 * asks. Gives the events, none where everything is so already.
 */
export async function followScope(context: Context, ground: Ground, agreed: readonly Agreed[]): Promise<NewEvent[]> {
  const existing = await deliverablesForUpdate(context, ground.cycleId);
  const byName = new Map(existing.map((it) => [it.name, it]));
  const events: NewEvent[] = [];
  for (const { title: name, detail: description = null } of agreed) {
    const it = byName.get(name);
    if (it) events.push(...(await rewrite(context, it, agreeOn(it, description))));
    else events.push(planned.of(null, await insertDeliverable(context, ground, { name, description, inScope: true })));
  }
  const names = new Set(agreed.map(({ title }) => title));
  for (const it of existing.filter(({ inScope, name }) => inScope && !names.has(name)))
    events.push(...(await rewrite(context, it, leaveOut(it, byOf(context.actor), context.now))));
  return events;
}

async function rewrite(context: Context, before: Deliverable, decided: Deliverable): Promise<NewEvent[]> {
  if (isSame(before, decided)) return [];
  const after = { ...decided, version: before.version + 1 };
  await writeDeliverable(context, before, after);
  const isOut = after.state.status === 'withdrawn' && before.state.status !== 'withdrawn';
  return [isOut ? withdrawn.of(before, after) : agreedAnew.of(before, after)];
}

function isSame(before: Deliverable, after: Deliverable): boolean {
  return (
    before.state.status === after.state.status &&
    before.inScope === after.inScope &&
    before.description === after.description
  );
}
