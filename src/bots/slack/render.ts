import type {
  HeaderBlock,
  KnownBlock,
  ModalView,
  Overflow,
  PlainTextElement,
  Button as SlackButton,
} from '@slack/types';
import type { Action, Button, Card, Form } from '../../core/kernel/card.ts';
import { encodePress, formOf, placed } from '../../core/kernel/card.ts';
import { TONE_MARKS } from '../marks.ts';
import type { Surface } from './limits.ts';
import { cut, LIMITS } from './limits.ts';
import { fitted, partOf } from './parts.ts';
import { escaped, plain } from './text.ts';

/** The action ids that mean something: what a form's own button sends along, and what Slack reports of a mere link. */
export const SUBMIT = 'submit';
export const LINK = 'link:';
const PRESS = 'press:';
const MORE = 'more:';

/** A card as a message: `text` is what notifications and screen readers get. A form's fields stand in the message itself. */
export function renderMessage(card: Card): { text: string; blocks: KnownBlock[] } {
  const form = formOf(card);
  const buttons = numbered(card);
  const submit = form ? [submitButton(form)] : [];
  const head = [header(card.title), ...status(card)];
  const tail = actionBlocks([...submit, ...actionsOf(card, buttons)]);
  return {
    text: escaped(cut(card.fallback, LIMITS.fallback)),
    blocks: [...head, ...body(card, 'message', buttons, [...head, ...tail]), ...tail],
  };
}

/**
 * A card as a modal. Its form is sent by Slack's own button.
 * @param metadata comes back with everything that is pressed or sent in the modal
 */
export function renderModal(card: Card, metadata: string): ModalView {
  const form = formOf(card);
  const buttons = numbered(card);
  const head = [...(card.title.length > LIMITS.viewText ? [header(card.title)] : []), ...status(card)];
  const tail = actionBlocks(actionsOf(card, buttons));
  const blocks = [...head, ...body(card, 'modal', buttons, [...head, ...tail]), ...tail];
  return {
    type: 'modal',
    title: plain(card.title, LIMITS.viewText),
    close: plain(form ? 'Cancel' : 'Close', LIMITS.viewText),
    ...(form ? { submit: plain(form.submit.label, LIMITS.viewText) } : {}),
    private_metadata: metadata,
    blocks: blocks.length ? blocks : [header(card.title)],
  };
}

type Numbered = (action: Action) => SlackButton;

function body(card: Card, surface: Surface, buttons: Numbered, around: KnownBlock[]): KnownBlock[] {
  const parts = card.blocks.map((block) => partOf(block, buttons));
  return fitted(parts, {
    blocks: LIMITS.blocks[surface] - around.length,
    json: LIMITS.json[surface] - JSON.stringify(around).length,
  });
}

function header(title: string): HeaderBlock {
  return { type: 'header', text: plain(title, LIMITS.header) as PlainTextElement };
}

function status({ status, tone }: Card): KnownBlock[] {
  return status ? [{ type: 'context', elements: [plain(`${TONE_MARKS[tone]} ${status}`, LIMITS.text)] }] : [];
}

/** Buttons get the next number as their action id: it must be unique in the message, and the press itself travels as the value. */
function numbered(card: Card): Numbered {
  let pressed = 0;
  let linked = 0;
  return (action) => {
    const text = plain(action.label || card.title, LIMITS.buttonText);
    if (action.kind === 'link') {
      linked += 1;
      return { type: 'button', text, action_id: `${LINK}${linked}`, url: action.url };
    }
    pressed += 1;
    return {
      type: 'button',
      text,
      action_id: `${PRESS}${pressed}`,
      value: encodePress(action.press),
      ...styleOf(action),
    };
  };
}

function styleOf({ style }: Button): { style?: 'primary' | 'danger' } {
  return style ? { style } : {};
}

function submitButton({ submit }: Form): SlackButton {
  return {
    type: 'button',
    text: plain(submit.label, LIMITS.buttonText),
    action_id: SUBMIT,
    value: encodePress(submit.press),
    style: 'primary',
  };
}

/** The buttons of the face, then the menu of the others: Slack calls it "…". A second one where five do not hold them. */
function actionsOf({ actions }: Card, buttons: Numbered): (SlackButton | Overflow)[] {
  const { face, more } = placed(actions);
  return [...face.map(buttons), ...inGroups(more, LIMITS.overflow).map(menu)];
}

function menu(buttons: Button[], index: number): Overflow {
  return {
    type: 'overflow',
    action_id: `${MORE}${index + 1}`,
    options: buttons.map(({ label, press }) => ({
      text: plain(label, LIMITS.optionText) as PlainTextElement,
      value: encodePress(press),
    })),
  };
}

function actionBlocks(elements: (SlackButton | Overflow)[]): KnownBlock[] {
  return inGroups(elements, LIMITS.actions).map((some) => ({ type: 'actions', elements: some }));
}

function inGroups<T>(all: T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, at) => all.slice(at * most, (at + 1) * most));
}
