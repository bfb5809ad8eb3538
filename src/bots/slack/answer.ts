import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Dispatcher } from 'undici';
import { request } from 'undici';
import type { Answer } from '../../core/kernel/answer.ts';
import type { Card, Press } from '../../core/kernel/card.ts';
import { formOf } from '../../core/kernel/card.ts';
import { Undeliverable } from '../channel.ts';
import { cardOf } from '../notice.ts';
import { called, TIMEOUT } from './client.ts';
import { fieldId } from './form.ts';
import type { SlackRequest } from './parse.ts';
import { renderMessage, renderModal } from './render.ts';
import type { Where } from './where.ts';
import { metadataFor } from './where.ts';

/** The ways on which somebody in Slack is answered. */
export interface Ways {
  web: WebClient;
  /** What the address that a request names is called with: the secret that signs it may be known to a firm. */
  dispatcher: Dispatcher;
}

/** What follows the acknowledgement. */
export type Afterwards = ((ways: Ways) => Promise<void>) | null;

/** What a press is followed by. A posted card draws itself again when its thing changed: the press itself makes no noise. */
export function afterButton(answer: Answer, { where, trigger }: Extract<SlackRequest, { kind: 'button' }>): Afterwards {
  if (answer.kind === 'done' && !where.ephemeral && !where.view) return null;
  const card = cardOf(answer);
  const { view } = where;
  if (view)
    return ({ web }) => called(web.views.update({ view_id: view, view: modalOf(card, where) })).then(() => undefined);
  if (answer.kind === 'form') return (ways) => openModal(ways, trigger, card, where);
  return (ways) => tell(ways, where, card);
}

/** A slash command is answered in the acknowledgement itself, unless the answer is a form. */
export function toCommand(
  answer: Answer,
  request: Extract<SlackRequest, { kind: 'command' }>,
): { ack?: object; after: Afterwards } {
  const card = withSentence(
    cardOf(answer),
    request.unknown === null ? null : `I do not know “/parley ${request.unknown}”.`,
  );
  if (answer.kind === 'form') return { after: (ways) => openModal(ways, request.trigger, card, request.where) };
  return { ack: { response_type: 'ephemeral', ...renderMessage(card) }, after: null };
}

/** A modal shows its mistakes and refusals itself; what was done is told where the person came from. */
export function toSubmission(
  answer: Answer,
  { where, fields }: Extract<SlackRequest, { kind: 'submission' }>,
): { ack: object; after: Afterwards } {
  if (answer.kind === 'done')
    return { ack: { response_action: 'clear' }, after: (ways) => tell(ways, where, answer.card) };
  const errors = errorsOf(faultsOf(answer), fields);
  if (errors) return { ack: { response_action: 'errors', errors }, after: null };
  return { ack: { response_action: 'update', view: modalOf(cardOf(answer), where) }, after: null };
}

/** An outage is a fault beside the form as well: a new view in its place would take what was typed with it. */
function faultsOf(answer: Answer): Readonly<Record<string, string>> {
  if (answer.kind === 'invalid') return answer.fields;
  return answer.kind === 'refused' && answer.code === 'unavailable' ? { '': answer.say } : {};
}

/** By field; a fault of something that has no field (an old press) goes to the first one, Slack shows no other place. */
function errorsOf(faults: Readonly<Record<string, string>>, fields: string[]): Record<string, string> | null {
  const [first] = fields;
  if (first === undefined) return null;
  const errors: Record<string, string> = {};
  for (const [name, fault] of Object.entries(faults)) {
    const shown = fields.includes(name);
    errors[fieldId(shown ? name : first)] ??= shown || !name ? fault : `${name}: ${fault}`;
  }
  return Object.keys(errors).length ? errors : null;
}

function withSentence(card: Card, sentence: string | null): Card {
  return sentence === null
    ? card
    : { ...card, blocks: [{ kind: 'text', text: sentence }, ...card.blocks], fallback: `${sentence} ${card.fallback}` };
}

function modalOf(card: Card, where: Where): ModalView {
  const press: Press | null = formOf(card)?.submit.press ?? null;
  return renderModal(card, metadataFor(press, where));
}

async function openModal(ways: Ways, trigger: string, card: Card, where: Where): Promise<void> {
  try {
    await called(ways.web.views.open({ trigger_id: trigger, view: modalOf(card, where) }));
  } catch (error) {
    // Slack lets us open a modal for three seconds only. The form then stands in a message, where it works as well.
    await tell(ways, where, card);
    throw error;
  }
}

/** Shows a card to one person: on the way the request gave, else beside the conversation, else as a direct message. */
export async function tell({ web, dispatcher }: Ways, where: Where, card: Card): Promise<void> {
  const message = { ...renderMessage(card), ...(where.thread ? { thread_ts: where.thread } : {}) };
  if (
    where.responseUrl &&
    (await respond(dispatcher, where.responseUrl, {
      ...message,
      response_type: 'ephemeral',
      replace_original: where.ephemeral,
    }))
  )
    return;
  try {
    if (!where.channel) throw new Undeliverable('it came from no channel');
    await called(web.chat.postEphemeral({ channel: where.channel, user: where.user, ...message }));
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error;
    const { text, blocks } = message;
    await called(web.chat.postMessage({ channel: where.user, text, blocks, unfurl_links: false, unfurl_media: false }));
  }
}

/** False when the address does not take it: it lives for half an hour, or may not be reached at all. */
async function respond(dispatcher: Dispatcher, url: string, message: object): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(message),
      headersTimeout: TIMEOUT,
      bodyTimeout: TIMEOUT,
    });
    await body.dump();
    return statusCode < 300;
  } catch {
    return false;
  }
}
