import type { Button, Card } from '../kernel/card.ts';
import type { AnyThing, Identified } from '../kernel/thing-definition.ts';
import type { Drawing } from '../kernel/view.ts';
import type { When } from './cards.ts';
import { messageBlocks } from './cards.ts';
import { fileActions } from './files.ts';
import type { Message } from './message.ts';
import type { Thread } from './queries.ts';

/** What a message is about, as its card says it. */
interface About {
  thing: AnyThing;
  it: Identified;
  /** In the title: "#12 Broken basket". */
  name: string;
  /** Where it belongs: its project, or its client. */
  where: string;
  when: When;
  /** The way back to it. */
  back: Button;
}

/**
 * One message, for the thread of the card of what it is about. It shows no state of that, so it never grows old. The view that
 * shows it is called `<thing>.message`.
 */
export function messageCard(
  { thing, it, name, where, when, back }: About,
  message: Message,
  withQuoted: boolean,
  drawing: Drawing,
): Card {
  const { internal, byName, body } = message;
  const view = `${thing.name}.message`;
  // Whoever answers a note answers the team: the public button is not under their thumb here.
  const answer = internal ? thing.note : thing.answer;
  return {
    title: `${byName} on ${name}`,
    tone: internal ? 'attention' : 'info',
    ...(internal ? { status: 'Internal' } : {}),
    blocks: messageBlocks(message, withQuoted, when, where),
    actions: [
      ...thing.buttons(it, drawing.actor, answer ? [answer] : []),
      back,
      ...(message.quoted !== null && !withQuoted ? [quotedButton(view, message)] : []),
      ...fileActions(message, view, drawing),
    ],
    fallback: `${byName} on ${name}: ${body.slice(0, 140).toWellFormed()}`,
    about: { entity: thing.name, id: it.id, version: 0 },
  };
}

function quotedButton(view: string, { id }: Message): Button {
  const press = { target: view, input: { message: id, quoted: 'yes' } };
  return { kind: 'button', label: 'Quoted mail', word: 'QUOTED', press };
}

/** Opens the whole conversation, where a thing's card shows only the end of it; its view is called `<thing>.thread`. */
export function earlierButton({ name }: AnyThing, id: string, { earlier }: Thread): Button[] {
  if (!earlier) return [];
  const press = { target: `${name}.thread`, input: { [name]: id } };
  return [{ kind: 'button', label: 'Earlier…', word: 'EARLIER', press }];
}
