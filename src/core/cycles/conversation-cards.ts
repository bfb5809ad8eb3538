import type { Message } from '../conversations/index.ts';
import { messageBlocks } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Button, Card } from '../kernel/card.ts';
import { timeText } from './calendar.ts';
import { cycle as thing } from './cycle.ts';
import { shown } from './refusal.ts';
import type { Cycle } from './schema.ts';
import { scopeOf } from './schema.ts';

/** One message, for the thread of the cycle's card. It shows no state of the cycle, so it never grows old. */
export function messageCard(cycle: Cycle, message: Message, withQuoted: boolean, actor: Actor): Card {
  const { name } = scopeOf(cycle).content;
  const { internal, byName, body } = message;
  const folded = message.quoted !== null && !withQuoted;
  return {
    title: `${byName} on ${name}`,
    tone: internal ? 'attention' : 'info',
    ...(internal ? { status: 'Internal' } : {}),
    blocks: messageBlocks(message, withQuoted, (at) => timeText(at, actor.timezone), cycle.projectName),
    actions: [
      // Whoever answers a note answers the team: the public button is not under their thumb here.
      ...thing.buttons(cycle, actor, [internal ? 'cycle.note' : 'cycle.reply']),
      showButton(cycle),
      ...(folded ? [quotedButton(message)] : []),
    ],
    fallback: `${byName} on ${name}: ${body.slice(0, 140).toWellFormed()}`,
    about: { entity: 'cycle', id: cycle.id, version: 0 },
  };
}

function quotedButton({ id }: Message): Button {
  const press = { target: 'cycle.message', input: { message: id, quoted: 'yes' } };
  return { kind: 'button', label: 'Quoted mail', word: 'QUOTED', press };
}

/** The way back to the cycle. */
export function showButton(cycle: Cycle): Button {
  return { kind: 'button', label: 'Show cycle', word: 'SHOW', press: shown(cycle) };
}
