import { checkCard } from '../../bots/teams/limits.ts';
import type { CardJson } from './state.ts';

/** What a press carries: its data, with the inputs of the card under their ids. */
export interface ActionPress {
  verb?: string;
  data: Record<string, string>;
  trigger?: 'manual' | 'automatic';
}

/**
 * What a client sends when somebody fills in a card and presses a button: the button's data with the inputs.
 * @param typed by the input's id, or by what follows its prefix
 * @throws Error in the words the client shows, when a needed input is empty; nothing is sent then
 */
export function pressOn(card: CardJson | null, title: string, typed: Record<string, string>): ActionPress {
  const parts = card ? partsOf(card) : [];
  const action = parts.find((part) => part.type === 'Action.Execute' && part.title === title);
  if (!action) throw new Error(`there is no button "${title}" on this card`);
  const data = { ...(action.data as Record<string, string>) };
  if (String(action.associatedInputs ?? 'auto').toLowerCase() !== 'none') {
    for (const input of parts.filter((part) => String(part.type).startsWith('Input.'))) {
      const id = String(input.id);
      const value = typed[id] ?? typed[id.slice(id.indexOf(':') + 1)] ?? (input.value as string | undefined) ?? '';
      if (input.isRequired && !value) throw new Error(String(input.errorMessage));
      if (!input.isMultiSelect) data[id] = value;
      // Of boxes of which none is ticked a client sends nothing.
      else if (value) data[id] = tickedIn(input, value);
    }
  }
  return { verb: String(action.verb), data };
}

/** What is ticked, by values or titles with commas between them. */
function tickedIn({ label, choices }: CardJson, given: string): string {
  const ticked = given.split(',').map((one) => {
    const wanted = one.trim();
    const choice = (choices as { title: string; value: string }[]).find(
      ({ title, value }) => value === wanted || title === wanted,
    );
    if (!choice) throw new Error(`${String(label)} has no choice ${wanted}`);
    return choice.value;
  });
  return ticked.join(',');
}

/**
 * The card that an answer puts in place of the pressed one; null for a message or nothing.
 * @throws Error for a card that Teams would refuse
 */
export function cardIn(body: unknown): CardJson | null {
  const { type, value } = (body ?? {}) as { type?: string; value?: CardJson };
  if (type !== 'application/vnd.microsoft.card.adaptive' || !value) return null;
  const faults = checkCard(value);
  if (faults.length) throw new Error(`Teams would not show the card it was answered: ${faults.join('; ')}`);
  return value;
}

function partsOf(part: CardJson): CardJson[] {
  const children = Object.entries(part)
    .filter(([key]) => key !== 'data')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((child): child is CardJson => typeof child === 'object' && child !== null);
  return [part, ...children.flatMap(partsOf)];
}
