import type { Actor } from './actor.ts';
import { isSystem, sideOf } from './actor.ts';
import type { Block } from './card.ts';
import type { Context } from './context.ts';
import { momentText } from './dates.ts';
import { DomainError } from './errors.ts';
import type { Reminder } from './reminders.ts';
import type { Act } from './thing-command.ts';
import type { Identified, ThingBase, ThingEvent } from './thing-definition.ts';

/** What waits for a client. */
interface Waiting extends Identified {
  clientName: string;
  remindedAt: Date | null;
}

interface Reminding<It extends Waiting> {
  // biome-ignore lint/suspicious/noExplicitAny: whatever facts its events tell
  thing: Pick<ThingBase<It, any, any>, 'called' | 'showing'> & { command: Act<It, any> };
  /** `thing.remind` */
  name: string;
  when(it: It, actor: Actor): boolean | string;
  due(it: It, now: Date): Reminder | null;
  /** Writes when it was reminded of, and when to look at it again. Its version stays. */
  write(context: Context, before: It, after: It): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever facts its events tell
  event: ThingEvent<It, any, any>;
  /** What the event tells; by default how many days it is after the day of the thing. */
  tells?(reminder: Reminder, it: It): Record<string, unknown>;
}

/**
 * Declares the command by which the clock reminds the client of what waits for it. An answer ends that: whoever comes second finds
 * what the first one wrote. It changes nothing that somebody could have seen differently, so presses on older cards stay good.
 */
export function remindOn<It extends Waiting>(of: Reminding<It>) {
  const { thing, name, when, due, write, event, tells = ({ days }) => ({ days }) } = of;
  return thing.command({
    ...{ name, when, version: 'optional', button: [] },
    who: isSystem,
    handle: async (context, _input, it) => {
      const reminder = due(it, context.now);
      if (!reminder) {
        const show = thing.showing(it.id);
        throw new DomainError('conflict', `${thing.called(it)} needs no reminder now.`, { show });
      }
      const after = { ...it, remindedAt: context.now };
      await write(context, it, after);
      const say = `${it.clientName} is reminded of ${thing.called(it)}.`;
      return { events: [event.of(it, after, tells(reminder, it))], after, say };
    },
  });
}

/** On the card of what waits for a client: that they were reminded of it, said to each side in its own words. */
export function remindedBlocks(
  { remindedAt, clientName }: Pick<Waiting, 'remindedAt' | 'clientName'>,
  actor: Actor,
): Block[] {
  if (!remindedAt) return [];
  const at = momentText(remindedAt, actor.timezone);
  if (sideOf(actor) === 'staff') return [{ kind: 'text', text: `${clientName} was reminded, ${at}.`, subtle: true }];
  return [{ kind: 'text', text: `A reminder: this still waits for you. (${at})` }];
}
