import type { REST } from 'discord.js';
import { Routes } from 'discord.js';
import type { Card, Form, Press } from '../../core/kernel/card.ts';
import { formOf } from '../../core/kernel/card.ts';
import { shows } from '../../core/kernel/registry.ts';
import type { ChannelTools } from '../channel.ts';
import { cardOf, notice, unreadable } from '../notice.ts';
import { called } from './client.ts';
import { pagesOf, renderModal } from './form.ts';
import { renderFormMessage, typedIn } from './form-message.ts';
import type { Awaited, Where } from './parse.ts';
import { FLAGS } from './parse.ts';
import { NO_MENTIONS } from './post.ts';
import { renderMessage } from './render.ts';
import type { Shown } from './shown.ts';
import { answerSubmission, submit } from './submission.ts';

/** Answers an interaction by what came of it. */
export async function answerInteraction(tools: ChannelTools, request: Awaited): Promise<Shown> {
  switch (request.kind) {
    case 'unreadable':
      return { kind: 'card', card: unreadable() };
    case 'nowhere':
      return {
        kind: 'card',
        card: notice('Parley answers in a server. Press the button, or type /parley, there.', [], null),
      };
    case 'button':
    case 'command': {
      const answer = await tools.inbound.press(request.pressed);
      if (answer.kind === 'form') return asked(tools, answer.card, request.pressed.press);
      return answer.kind === 'done' && request.where.on === 'shared'
        ? { kind: 'quiet' }
        : { kind: 'card', card: cardOf(answer) };
    }
    case 'form-button':
      return answerFormButton(tools, request);
    case 'submission':
      return answerSubmission(tools, request);
  }
}

/** A page of a form is opened again with what was typed, or what was typed is sent. */
async function answerFormButton(
  tools: ChannelTools,
  { who, requestId, asks, typed }: Extract<Awaited, { kind: 'form-button' }>,
): Promise<Shown> {
  const opened = await tools.inbound.press({ who, press: asks.view, requestId: `${requestId}:form` });
  if (opened.kind !== 'form') return { kind: 'card', card: cardOf(opened) };
  const form = formOf(opened.card) as Form;
  if (asks.kind === 'fill') return asked(tools, opened.card, asks.view, asks.page, typedIn(typed, form));
  return submit(tools, { who, press: asks.press, requestId, form: typedIn(typed, form) }, { form, view: asks.view });
}

/** The form as a modal. */
function asked(
  tools: ChannelTools,
  card: Card,
  press: Press,
  page = 0,
  typed: Readonly<Record<string, string>> = {},
): Shown {
  const form = formOf(card) as Form;
  const view = reopening(tools, press);
  const later = renderFormMessage([card.title], { typed: [], pages: pagesOf(form).length, submit: form.submit, view });
  return { kind: 'modal', modal: renderModal(card, form, page, view, typed), later };
}

/** A press on a command can end in the form that links an account: opening that again must not run the command. */
function reopening({ app }: ChannelTools, press: Press): Press {
  return shows(app.registry, press) ? press : { target: 'identity.link', input: {} };
}

/** An interaction's answer as Discord takes it (docs.discord.com: interactions/receiving-and-responding). */
export type Response = { type: number; data?: object };

const TELL = 4;
const WAIT = 5;
const QUIET = 6;
const REPLACE = 7;
const MODAL = 9;

/** The answer within the three seconds that Discord waits: a modal is possible. */
export function responseOf(shown: Shown, where: Where): Response {
  if (shown.kind === 'quiet') return { type: QUIET };
  if (shown.kind === 'modal') return { type: MODAL, data: shown.modal };
  if (replaces(shown, where)) return { type: REPLACE, data: bodyOf(shown, where) };
  const { flags = 0, ...body } = bodyOf(shown, where);
  return { type: TELL, data: { ...body, flags: flags | FLAGS.ephemeral, allowed_mentions: NO_MENTIONS } };
}

/** Says that an answer comes later: Discord shows so, and takes it for a quarter of an hour. */
export function deferred({ on }: Where): Response {
  return on === 'own' || on === 'form' ? { type: QUIET } : { type: WAIT, data: { flags: FLAGS.ephemeral } };
}

/** The answer that was said to come later. */
export async function answerLater(rest: REST, application: string, shown: Shown, where: Where): Promise<void> {
  const original = Routes.webhookMessage(application, where.token, '@original');
  const isOurs = where.on === 'own' || where.on === 'form';
  if (shown.kind === 'quiet') {
    if (!isOurs) await called(rest.delete(original, { auth: false }));
    return;
  }
  const late = shown.kind === 'modal' ? ({ kind: 'form', message: shown.later } as const) : shown;
  const body = { ...bodyOf(late, where), allowed_mentions: NO_MENTIONS };
  if (!isOurs || replaces(late, where)) {
    await called(rest.patch(original, { body, auth: false }));
    return;
  }
  const alone = { ...body, flags: (body.flags ?? 0) | FLAGS.ephemeral };
  await called(rest.post(Routes.webhook(application, where.token), { body: alone, auth: false }));
}

/** What this person alone saw gives way to the answer. A message of components v2 never becomes another one again. */
function replaces(shown: Exclude<Shown, { kind: 'quiet' | 'modal' }>, { on }: Where): boolean {
  return on === 'form' || (on === 'own' && shown.kind === 'card');
}

type Body = { flags?: number; [more: string]: unknown };

function bodyOf(shown: Exclude<Shown, { kind: 'quiet' | 'modal' }>, { on }: Where): Body {
  if (shown.kind === 'form') return { ...shown.message };
  const emptied = on === 'form' ? { content: null, embeds: [] } : {};
  return { ...emptied, components: renderMessage(shown.card), flags: FLAGS.v2 };
}
