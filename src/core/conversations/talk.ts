import type { Actor } from '../kernel/actor.ts';
import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { text } from '../kernel/field.ts';
import type { Act } from '../kernel/thing-command.ts';
import type { Identified, ThingEvent } from '../kernel/thing-definition.ts';
import { said } from './input.ts';
import type { toldShape } from './message.ts';
import { told } from './message.ts';
import { addMessage, topicOf } from './queries.ts';

/** What two parties talk about. */
interface Between extends Identified {
  clientId: string;
  clientName: string;
  firmName: string;
  projectId: string | null;
}

/** What an area says of the talk about its things. */
interface Talk<It extends Between> {
  thing: { name: string; command: Act<It, It> };
  /** What a form calls it: "Reply on Q-12". */
  titled(it: It): string;
  /** Nobody waits for a lock to say something. */
  read(context: Context, id: string): Promise<It | null>;
  who(actor: Actor, it: It): boolean;
  when?(it: It): boolean | string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever facts its events tell
  event: ThingEvent<It, any, typeof toldShape>;
  formerly?: readonly string[];
}

/** The command by which somebody says something about a thing that both sides see. It decides nothing: only buttons do. */
export function replyOn<It extends Between>({ thing, titled, read, event, ...talk }: Talk<It> & { rank: number }) {
  return thing.command({
    ...talk,
    name: `${thing.name}.reply`,
    fields: { body: text({ label: 'Text' }) },
    known: said,
    version: 'optional',
    button: { label: 'Reply' },
    form: (it, { actor }) => ({
      title: `Reply on ${titled(it)}`,
      submit: 'Send',
      hints: { body: `${readerOf(it, actor)} will see this.` },
    }),
    takes: 'answer',
    lock: read,
    handle: async (context, { saidIn, ...words }, it) => {
      const message = await addMessage(context, placeOf(thing, it), words, false);
      return {
        events: [event.of(it, it, told(message, saidIn))],
        after: it,
        say: `Your message is in the thread. ${readerOf(it, context.actor)} sees it.`,
      };
    },
  });
}

/** The command by which somebody leaves a note about a thing that only the team sees. */
export function noteOn<It extends Between>({ thing, titled, read, event, ...talk }: Talk<It>) {
  return thing.command({
    ...talk,
    name: `${thing.name}.note`,
    fields: { body: text({ label: 'Text', hint: 'Only the team sees this.' }) },
    known: said,
    version: 'optional',
    button: { label: 'Note' },
    form: (it) => ({ title: `Note on ${titled(it)}`, submit: 'Save note' }),
    takes: 'note',
    lock: read,
    handle: async (context, { saidIn, ...words }, it) => {
      const message = await addMessage(context, placeOf(thing, it), words, true);
      return {
        events: [event.of(it, it, told(message, saidIn))],
        after: it,
        say: 'Your note is in the thread. Only the team sees it.',
      };
    },
  });
}

/** Who reads what this actor says. */
function readerOf(it: Between, actor: Actor): string {
  return sideOf(actor) === 'staff' ? it.clientName : it.firmName;
}

function placeOf({ name }: { name: string }, { id, clientId, projectId }: Between) {
  return { clientId, projectId, ...topicOf(name, id) };
}
