import type { BlockJson } from './state.ts';

/** What was typed or chosen, by block id or by the part of it after the colon. */
export type Values = Record<string, string>;

/**
 * The state of all fields.
 * @throws Error for what Slack's own client would not let anybody send
 */
export function valuesOf(blocks: BlockJson[], typed: Values): Record<string, Record<string, object>> {
  const inputs = blocks.filter((block) => block.type === 'input');
  const keyOf = (block: BlockJson) =>
    Object.keys(typed).find((key) => block.block_id === key || block.block_id.endsWith(`:${key}`));
  const stray = Object.keys(typed).filter((key) => !inputs.some((block) => keyOf(block) === key));
  if (stray.length) throw new Error(`there is no field ${stray.join(', ')} here`);
  return Object.fromEntries(
    inputs.map((block) => [
      block.block_id,
      { [block.element.action_id as string]: fieldValue(block, typed[keyOf(block) ?? '']) },
    ]),
  );
}

function fieldValue({ element, label }: BlockJson, given: string | undefined): object {
  switch (element.type) {
    case 'plain_text_input': {
      const value = given ?? element.initial_value ?? null;
      if (value?.length > (element.max_length ?? 3_000))
        throw new Error(`${label.text} takes at most ${element.max_length} characters`);
      return { type: 'plain_text_input', value };
    }
    case 'static_select': {
      const options = optionsOf(element);
      const chosen =
        given === undefined
          ? element.initial_option
          : options.find((option) => option.value === given || option.text.text === given);
      if (given !== undefined && !chosen) throw new Error(`${label.text} has no option ${given}`);
      return { type: 'static_select', selected_option: chosen ?? null };
    }
    case 'checkboxes':
    case 'multi_static_select':
      return { type: element.type, selected_options: tickedIn(element, label.text, given) };
    default:
      return { type: 'datepicker', selected_date: given ?? element.initial_date ?? null };
  }
}

type Option = { value: string; text: { text: string } };

function optionsOf({ options = [], option_groups: groups = [] }: BlockJson): Option[] {
  return [...options, ...groups.flatMap((group: { options: Option[] }) => group.options)];
}

/** What is ticked, by values or labels with commas between them; what was ticked before where the boxes were left alone. */
function tickedIn(element: BlockJson, label: string, given: string | undefined): Option[] {
  if (given === undefined) return element.initial_options ?? [];
  const options = optionsOf(element);
  const ticked = given.split(',').flatMap((one) => {
    const wanted = one.trim();
    if (!wanted) return [];
    const option = options.find(({ value, text }) => value === wanted || text.text === wanted);
    if (!option) throw new Error(`${label} has no option ${wanted}`);
    return [option];
  });
  const most = element.max_selected_items ?? options.length;
  if (ticked.length > most) throw new Error(`${label} takes at most ${most}`);
  return ticked;
}

/** The labels of fields that must be filled and are not: Slack's client does not send such a form. */
export function missingIn(blocks: BlockJson[], typed: Values): string[] {
  const values = valuesOf(blocks, typed);
  return blocks.flatMap((block) => {
    if (block.type !== 'input' || block.optional) return [];
    const [value] = Object.values(values[block.block_id] ?? {}) as {
      value?: unknown;
      selected_option?: unknown;
      selected_date?: unknown;
      selected_options?: unknown[];
    }[];
    const ticked = value?.selected_options?.length;
    return (value?.value ?? value?.selected_option ?? value?.selected_date ?? ticked)
      ? []
      : [block.label.text as string];
  });
}
