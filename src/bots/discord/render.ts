import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIComponentInMessageActionRow,
  APIContainerComponent,
} from 'discord.js';
import { ButtonStyle, ComponentType } from 'discord.js';
import type { Action, Button, Card, Tone } from '../../core/kernel/card.ts';
import { encodePress, formOf, placed } from '../../core/kernel/card.ts';
import { TONE_MARKS } from '../marks.ts';
import { LIMITS } from './limits.ts';
import { countOf, display, fitted, lengthOf, partOf } from './parts.ts';
import { fitting, label } from './text.ts';

/** The custom id of the list that holds the buttons behind "More…". */
export const MORE = 'more';

const COLOURS: Record<Tone, number> = {
  neutral: 0x8a8f98,
  info: 0x3b82f6,
  good: 0x22a06b,
  attention: 0xe2a100,
  danger: 0xd93a3a,
};

type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/**
 * A card as a message of components v2: only they let a button stand beside the line it belongs to. They leave no place for
 * words of their own for notifications, where Discord shows the first text instead: the title.
 * @param marks the ids by which the message is found again (see `marksOf`)
 */
export function renderMessage(card: Card, marks: readonly [number, number] | null = null): APIContainerComponent[] {
  const used = new Set<string>();
  const button = (given: Button) => pressButton(given, used);
  const head = [{ ...display(headOf(card)), ...(marks ? { id: marks[1] } : {}) }];
  const rows = rowsOf(card, used);
  const around = [...head, ...rows];
  const body = fitted(
    card.blocks.map((block) => partOf(block, button)),
    // The container itself is one of them, and a note of what was left out another.
    { components: LIMITS.components - countOf(around) - 1, text: LIMITS.text - lengthOf(around) },
  );
  return [
    {
      type: ComponentType.Container,
      ...(marks ? { id: marks[0] } : {}),
      accent_color: COLOURS[card.tone],
      components: [...head, ...body, ...rows],
    },
  ];
}

const TITLE = 300;

function headOf({ title, status, tone }: Card): string {
  const heading = `### ${fitting(title.replaceAll(/\s+/g, ' ').trim() || 'Parley', TITLE)}`;
  return status ? `${heading}\n-# ${TONE_MARKS[tone]} ${fitting(status.replaceAll(/\s+/g, ' '), TITLE)}` : heading;
}

/** The buttons of a card's face in rows, and a list of the others. A link has a place in a row alone. */
function rowsOf(card: Card, used: Set<string>): Row[] {
  const form = formOf(card);
  const submit: Action[] = form ? [{ kind: 'button', style: 'primary', ...form.submit }] : [];
  const { face, more } = placed(distinct(card.actions, used));
  const inRows = [...distinct(submit, used), ...face].map(buttonOf);
  const rows = Array.from({ length: Math.ceil(inRows.length / LIMITS.row) }, (_, at) =>
    rowOf(inRows.slice(at * LIMITS.row, (at + 1) * LIMITS.row)),
  );
  const options = more.slice(0, LIMITS.options).map(({ label: text, press }) => ({
    label: label(text, LIMITS.optionText),
    value: encodePress(press),
  }));
  if (!options.length) return rows;
  return [...rows, rowOf([{ type: ComponentType.StringSelect, custom_id: MORE, placeholder: 'More…', options }])];
}

/** Discord refuses a message that names one press twice; the second button would do the same as the first. */
function distinct(actions: Action[], used: Set<string>): Action[] {
  return actions.filter((action) => {
    if (action.kind === 'link') return action.url.length <= LIMITS.url;
    const id = encodePress(action.press);
    if (used.has(id)) return false;
    used.add(id);
    return true;
  });
}

function rowOf(components: APIComponentInMessageActionRow[]): Row {
  return { type: ComponentType.ActionRow, components };
}

function buttonOf(action: Action): APIButtonComponent {
  if (action.kind === 'link')
    return {
      type: ComponentType.Button,
      style: ButtonStyle.Link,
      label: label(action.label, LIMITS.buttonText),
      url: action.url,
    };
  const style = { primary: ButtonStyle.Primary as const, danger: ButtonStyle.Danger as const };
  return {
    type: ComponentType.Button,
    style: action.style ? style[action.style] : ButtonStyle.Secondary,
    label: label(action.label, LIMITS.buttonText),
    custom_id: encodePress(action.press),
  };
}

function pressButton(button: Button, used: Set<string>): APIButtonComponent | null {
  const [own] = distinct([button], used);
  return own ? buttonOf(own) : null;
}
