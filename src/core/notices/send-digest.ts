import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { hasHappened } from '../kernel/delivery.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { readersOf } from '../people/index.ts';
import { digestDue, dropped } from './events.ts';
import type { NoticeRow } from './rows.ts';
import { giveUp, lockDue, putIntoDigest } from './rows.ts';
import type { Reason, Settings } from './schema.ts';
import { paceOf, settingsFor } from './settings.ts';
import type { Topics } from './topics.ts';

/**
 * Gathers what waited for somebody's digest until now: each notice comes with one digest, also where two workers ask at once or
 * none asked for days. What is not to be told any more is left out, and says why; a digest of nothing is not sent.
 */
export function sendDigest({ until }: Topics) {
  return command({
    name: 'notice.send-digest',
    input: z.strictObject({ person: z.uuid() }),
    load: async (context, { person }) => {
      const due = await lockDue(context, person);
      return due.length ? due : null;
    },
    policy: isSystem,
    handle: async (context, { person }, due) => {
      const settings = await settingsFor(context, person);
      const why = new Map<NoticeRow, Reason | null>();
      for (const it of due) why.set(it, await whyNot(context, it, { settings, until }));
      for (const [reason, some] of Map.groupBy(due, (it) => why.get(it) ?? null))
        if (reason)
          await giveUp(
            context,
            some.map(({ id }) => id),
            reason,
          );
      const left = due.filter((it) => !why.get(it));
      const id = context.newId();
      if (!left.length)
        return { events: [dropped.of({ entity: 'digest', id }, { person, count: due.length })], output: { id } };
      await putIntoDigest(
        context,
        id,
        left.map((it) => it.id),
      );
      return {
        events: [digestDue.of({ entity: 'digest', id }, { person, count: left.length, failed: [] })],
        output: { id },
      };
    },
    reply: ({ id }) => sentence('digest', id, 'The digest is on its way.'),
  });
}

/** Why a notice does not come with the digest that it waited for; null where it does. */
async function whyNot(
  { sql, actor }: Context,
  it: NoticeRow,
  { settings, until }: { settings: Settings; until: Topics['until'] },
): Promise<Reason | null> {
  if (!settings.digest) return 'digest-off';
  if (paceOf(settings, it.topic) === 'never') return 'never';
  const [reader] = await readersOf(sql, actor.tenantId, [it.personId], { ...it, module: null });
  if (!reader?.mayRead) return 'no-right';
  const since = { seq: it.seq, names: until.get(it.event) ?? [] };
  return (await hasHappened(sql, actor.tenantId, { entity: it.entity, id: it.entityId }, since)) ? 'over' : null;
}
