import { ButtonStyle, ComponentType } from 'discord.js';
import { z } from 'zod';

/**
 * What Discord documents (docs.discord.com: components/reference, interactions/receiving-and-responding, resources/message).
 * `components` counts everything in a message, nested ones as well; `text` all its text displays together.
 */
export const LIMITS = {
  components: 40,
  text: 4_000,
  row: 5,
  customId: 100,
  buttonText: 80,
  url: 512,
  options: 25,
  optionText: 100,
  placeholder: 150,
  /** Modals. */
  inputs: 5,
  modalTitle: 45,
  label: 45,
  description: 100,
  inputPlaceholder: 100,
  typed: 4_000,
  /** Messages without components v2, which our forms keep what was typed in: words, and all embeds together. */
  content: 2_000,
  embeds: 10,
  embedTitle: 256,
  embedText: 4_096,
  embedsText: 6_000,
  threadName: 100,
} as const;

/** The text in at most `max` characters; what was cut off shows as an ellipsis. Never splits a character in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = max - 1;
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}…`;
}

const id = z
  .int()
  .min(1)
  .max(2 ** 31 - 1)
  .optional();
const customId = z.string().min(1).max(LIMITS.customId);
const filled = (max: number) => z.string().trim().min(1).max(max);
const option = z.strictObject({
  label: filled(LIMITS.optionText),
  value: z.string().min(1).max(LIMITS.customId),
  default: z.boolean().optional(),
});
const options = z
  .array(option)
  .min(1)
  .max(LIMITS.options)
  .refine((all) => new Set(all.map(({ value }) => value)).size === all.length, 'two options have the same value');
const text = z.strictObject({ type: z.literal(ComponentType.TextDisplay), id, content: filled(LIMITS.text) });
const button = z.union([
  z.strictObject({
    type: z.literal(ComponentType.Button),
    style: z.union([z.literal(ButtonStyle.Primary), z.literal(ButtonStyle.Secondary), z.literal(ButtonStyle.Danger)]),
    label: filled(LIMITS.buttonText),
    custom_id: customId,
  }),
  z.strictObject({
    type: z.literal(ComponentType.Button),
    style: z.literal(ButtonStyle.Link),
    label: filled(LIMITS.buttonText),
    url: z.url({ protocol: /^https?$/ }).max(LIMITS.url),
  }),
]);
const select = z
  .strictObject({
    type: z.literal(ComponentType.StringSelect),
    custom_id: customId,
    placeholder: z.string().max(LIMITS.placeholder).optional(),
    options,
    required: z.boolean().optional(),
    min_values: z.int().min(0).max(LIMITS.options).optional(),
    max_values: z.int().min(1).max(LIMITS.options).optional(),
  })
  .refine(
    ({ options: all, max_values: most = 1 }) => all.filter((one) => one.default).length <= most,
    'more options are chosen than may be',
  )
  .refine(
    ({ options: all, min_values: least = 1, max_values: most = 1 }) => least <= most && most <= all.length,
    'it takes from min_values to max_values of its options',
  )
  .refine(({ required = true, min_values: least = 1 }) => !required || least > 0, 'it is required and takes none');
const row = z.strictObject({
  type: z.literal(ComponentType.ActionRow),
  components: z.union([z.array(button).min(1).max(LIMITS.row), z.tuple([select])]),
});
const section = z.strictObject({
  type: z.literal(ComponentType.Section),
  components: z.array(text).min(1).max(3),
  accessory: button,
});
const container = z.strictObject({
  type: z.literal(ComponentType.Container),
  id,
  accent_color: z.int().min(0).max(0xffffff).optional(),
  components: z.array(z.union([text, section, row])).min(1),
});
const input = z
  .strictObject({
    type: z.literal(ComponentType.TextInput),
    custom_id: customId,
    style: z.union([z.literal(1), z.literal(2)]),
    required: z.boolean(),
    max_length: z.int().min(1).max(LIMITS.typed),
    value: z.string().max(LIMITS.typed).optional(),
    placeholder: z.string().max(LIMITS.inputPlaceholder).optional(),
  })
  .refine(({ value = '', max_length: most }) => value.length <= most, 'value is longer than max_length');
const label = z.strictObject({
  type: z.literal(ComponentType.Label),
  label: filled(LIMITS.label),
  description: filled(LIMITS.description).optional(),
  component: z.union([input, select]),
});
const modal = z.strictObject({
  custom_id: customId,
  title: filled(LIMITS.modalTitle),
  components: z
    .array(z.union([label, text]))
    .min(1)
    .max(LIMITS.inputs),
});
const embed = z.strictObject({ title: filled(LIMITS.embedTitle), description: filled(LIMITS.embedText) });
const kept = z
  .strictObject({
    content: filled(LIMITS.content),
    embeds: z.array(embed).max(LIMITS.embeds),
    components: z.array(row).min(1).max(LIMITS.row),
  })
  .refine(
    ({ embeds }) =>
      embeds.reduce((sum, one) => sum + one.title.length + one.description.length, 0) <= LIMITS.embedsText,
    `the embeds hold more than ${LIMITS.embedsText} characters`,
  );

/** Every way in which the components of a message go against Discord's limits, or are none that Parley sends. */
export function checkComponents(components: unknown): string[] {
  const parsed = z.array(container).min(1).safeParse(components);
  if (!parsed.success) return faultsOf(parsed.error, 'components');
  const all = parsed.data.flatMap(partsOf);
  const written = all.reduce((sum, part) => sum + ('content' in part ? part.content.length : 0), 0);
  const ids = all.flatMap((part) => ('custom_id' in part ? [part.custom_id] : []));
  const marks = all.flatMap((part) => ('id' in part && part.id ? [String(part.id)] : []));
  return [
    ...(all.length > LIMITS.components ? [`${all.length} components; at most ${LIMITS.components}`] : []),
    ...(written > LIMITS.text ? [`${written} characters of text; at most ${LIMITS.text}`] : []),
    ...twice(ids, 'custom_id'),
    ...twice(marks, 'id'),
  ];
}

/** The same for a modal. */
export function checkModal(given: unknown): string[] {
  const parsed = modal.safeParse(given);
  if (!parsed.success) return faultsOf(parsed.error, 'modal');
  const ids = parsed.data.components.flatMap((one) => ('component' in one ? [one.component.custom_id] : []));
  return twice(ids, 'custom_id');
}

/** The same for a message that keeps what was typed into a form. */
export function checkFormMessage(given: unknown): string[] {
  const parsed = kept.safeParse(given);
  return parsed.success ? [] : faultsOf(parsed.error, 'message');
}

type Part =
  | z.infer<typeof container>
  | z.infer<typeof text | typeof section | typeof row | typeof button | typeof select>;

function partsOf(part: Part): Part[] {
  const inside: Part[] = 'components' in part ? part.components.flatMap((one) => partsOf(one as Part)) : [];
  return [part, ...inside, ...('accessory' in part ? [part.accessory] : [])];
}

function twice(ids: string[], what: string): string[] {
  return ids.filter((one, at) => ids.indexOf(one) !== at).map((one) => `${what} ${one} is used twice`);
}

function faultsOf(error: z.ZodError, root: string): string[] {
  return error.issues.map((issue) => `${[root, ...issue.path].join('/')}: ${issue.message}`);
}
