import type { Answer } from '../../core/kernel/answer.ts';
import type { Card, Press } from '../../core/kernel/card.ts';
import { buttonsOf, formOf } from '../../core/kernel/card.ts';
import type { App } from '../../core/kernel/registry.ts';
import { shows } from '../../core/kernel/registry.ts';
import type { ChannelTools, Inbound } from '../channel.ts';
import type { AdaptiveCard } from './adaptive-card.ts';
import type { TeamsClient } from './client.ts';
import { messageOf } from './message.ts';
import type { Parsed, Where } from './parse.ts';
import type { Showing } from './render.ts';
import { render } from './render.ts';

type PressParsed = Extract<Parsed, { kind: 'press' }>;

/**
 * What an invoke is answered with (learn.microsoft.com, "Universal Action Model", response format). A card takes the
 * place of the pressed one on the screen of the person who pressed, and on no other: everybody else keeps the posted
 * card until it is changed by `update`, which also ends what this person sees in its place. So a form, a list or a
 * refusal can be shown in a shared room.
 */
export type InvokeAnswer =
  | { statusCode: 200; type: 'application/vnd.microsoft.card.adaptive'; value: AdaptiveCard }
  | { statusCode: 200; type: 'application/vnd.microsoft.activity.message'; value: string };

/** Answers a press: runs it, and shows what came of it in place of the pressed card. */
export async function answerPress(
  client: TeamsClient,
  { app, inbound }: ChannelTools,
  parsed: PressParsed,
): Promise<InvokeAnswer> {
  const answer = await inbound.press(parsed.pressed);
  const { from } = parsed;
  switch (answer.kind) {
    case 'done': {
      // It is done: an outage that begins now is no reason to answer with a fault.
      const card = await posted(inbound, parsed.where, parsed.messageId).catch((error: unknown) => {
        app.log.warn({ err: error }, 'a card could not be drawn again after its press');
        return null;
      });
      if (!card) await retireForm(client, app, parsed, answer.card);
      return afterwards(answer.card, card, from);
    }
    case 'card':
      return show(answer.card, { from: parsed.pressed.press, leave: { label: 'Back', to: from } });
    case 'form':
      return show(answer.card, formShowing(app, parsed.pressed.press, from));
    case 'invalid':
      return askAgain(app, inbound, parsed, answer);
    case 'stale': {
      const card = answer.card ?? (await posted(inbound, parsed.where, parsed.messageId));
      const lines = [answer.say, ...answer.changes];
      return card ? show(card, { from, notice: { tone: 'attention', lines } }) : tell(lines.join('\n'));
    }
    case 'refused':
      return tell(answer.say);
    case 'not-linked':
      return tell('We do not know you here yet. Write "link" to link your account.');
  }
}

/** Shows the posted card again: after Cancel or Back, or when a client asks for the present state. */
export async function answerShow(inbound: Inbound, parsed: Extract<Parsed, { kind: 'show' }>): Promise<InvokeAnswer> {
  const card = await posted(inbound, parsed.where, parsed.messageId);
  return card ? show(card) : tell('There is nothing to go back to here. Write "help" to see what you can do.');
}

/** How a view's card is shown when no posted card stands behind it. */
export function viewShowing(app: App, card: Card, view: Press): Showing {
  return formOf(card) ? { reopen: reopening(app, view) } : { from: view };
}

/** A few words to the person who pressed; the card stays as it is. */
export function tell(text: string): InvokeAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: text };
}

function show(card: Card, showing: Showing = {}): InvokeAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: render(card, showing) };
}

function formShowing(app: App, view: Press, from: Press | null): Showing {
  return { from, leave: { label: 'Cancel', to: from }, reopen: reopening(app, view) };
}

/** A press on a command can end in the form that links an account: opening that again must not run the command. */
function reopening(app: App, press: Press): Press {
  return shows(app.registry, press) ? press : { target: 'identity.link', input: {} };
}

/**
 * The posted card as it is now; with a word about what was done where that is about something else. Where it leads on to something
 * else, like the link by which an invoice is paid, the way there stands in the card's place until its reader goes back.
 */
function afterwards(done: Card, card: Card | null, from: Press | null): InvokeAnswer {
  if (!card) return show(done, from ? { from, leave: { label: 'Back', to: from } } : {});
  const same = done.about.entity === card.about.entity && done.about.id === card.about.id;
  if (!same) return show(card, { notice: { tone: 'good', lines: [done.title] } });
  return leadsOn(done) ? show(done, { leave: { label: 'Back', to: null } }) : show(card);
}

/** Something else than the thing itself can be opened from there. */
function leadsOn(done: Card): boolean {
  return buttonsOf(done).some(({ press }) => !Object.values(press.input).includes(done.about.id));
}

/**
 * A form that was sent as a message of its own would stand there again, empty, when the chat is opened anew. That it
 * does is no reason to answer with a fault: what was asked for is done.
 */
async function retireForm(
  client: TeamsClient,
  app: App,
  { where, messageId, form, from }: PressParsed,
  done: Card,
): Promise<void> {
  if (!where.personal || !messageId || !form || from) return;
  await client.put(where.reference, messageId, messageOf(done)).catch((error: unknown) => {
    app.log.warn({ err: error }, 'a form that was sent stays in its chat');
  });
}

/** The same form with what was typed and what is wrong with it. */
async function askAgain(
  app: App,
  inbound: Inbound,
  parsed: PressParsed,
  answer: Extract<Answer, { kind: 'invalid' }>,
): Promise<InvokeAnswer> {
  if (!parsed.form) return tell(answer.say);
  const { who, requestId, form: typed = {} } = parsed.pressed;
  const reopen = reopening(app, parsed.form);
  const again = await inbound.press({ who, press: reopen, requestId });
  if (again.kind !== 'form') return tell(answer.say);
  const fields = new Set(formOf(again.card)?.fields.map(({ name }) => name));
  const others = Object.entries(answer.fields).filter(([name]) => !fields.has(name));
  const lines = [
    'Please look at the marked fields. Nothing was changed.',
    ...others.map(([name, error]) => `${name}: ${error}`),
  ];
  return show(again.card, {
    ...formShowing(app, reopen, parsed.from),
    notice: { tone: 'attention', lines },
    returned: { typed, errors: answer.fields },
  });
}

function posted(inbound: Inbound, where: Where, messageId: string | null): Promise<Card | null> {
  return messageId ? inbound.redraw(where.room, messageId) : Promise.resolve(null);
}
