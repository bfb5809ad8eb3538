import { z } from 'zod';

/**
 * What Slack documents (docs.slack.dev/reference: block-kit, views, methods/chat.postMessage). `json` is ours: Slack
 * refuses messages whose blocks sum up to about 13,200 characters with msg_blocks_too_long, counts more than the texts,
 * and documents neither (slackapi/bolt-js#2509, #2867). The length of the JSON counts everything, so 12,000 of it is safe.
 */
export const LIMITS = {
  blocks: { message: 50, modal: 100, home: 100 },
  json: { message: 12_000, modal: 100_000, home: 100_000 },
  id: 255,
  header: 150,
  text: 3_000,
  fields: 10,
  field: 2_000,
  contextElements: 10,
  actions: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  placeholder: 150,
  typed: 3_000,
  options: 100,
  optionGroups: 100,
  checkboxes: 10,
  optionText: 75,
  optionValue: 150,
  overflow: 5,
  viewText: 24,
  metadata: 3_000,
  /** Slack advises 4,000 characters for a message's text and cuts at 40,000. */
  fallback: 4_000,
} as const;

export type Surface = keyof typeof LIMITS.blocks;

/** The text in at most `max` characters; what was cut off shows as an ellipsis. Never splits a character in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = max - 1;
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd800 && code <= 0xdbff ? end - 1 : end)}…`;
}

const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().trim().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const marked = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().trim().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
const anyText = (max: number) => z.discriminatedUnion('type', [plain(max), marked(max)]);
const id = z.string().min(1).max(LIMITS.id);
const option = z.strictObject({ text: plain(LIMITS.optionText), value: z.string().min(1).max(LIMITS.optionValue) });
const options = z.array(option).min(1).max(LIMITS.options);

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(LIMITS.buttonText),
  action_id: id,
  value: z.string().max(LIMITS.buttonValue).optional(),
  url: z.string().max(LIMITS.url).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id,
  options: z.array(option).min(1).max(LIMITS.overflow),
});
const list = {
  action_id: id,
  placeholder: plain(LIMITS.placeholder).optional(),
  options: options.optional(),
  option_groups: z
    .array(z.strictObject({ label: plain(LIMITS.optionText), options }))
    .min(1)
    .max(LIMITS.optionGroups)
    .optional(),
};
type Option = z.infer<typeof option>;
type List = { options?: Option[] | undefined; option_groups?: { options: Option[] }[] | undefined };

/** Slack compares what is chosen with the whole option, and takes a list or groups of it, not both. */
function isOffered({ options: all, option_groups: groups }: List, chosen: readonly Option[]): boolean {
  const offered = [...(all ?? []), ...(groups ?? []).flatMap((group) => group.options)];
  return chosen.every((one) => offered.some(({ value, text }) => value === one.value && text.text === one.text.text));
}
const isOneList = ({ options: all, option_groups: groups }: List) => (all === undefined) !== (groups === undefined);

const select = z
  .strictObject({ type: z.literal('static_select'), ...list, initial_option: option.optional() })
  .refine(isOneList, 'needs options or option_groups')
  .refine(
    (one) => isOffered(one, one.initial_option ? [one.initial_option] : []),
    'initial_option must be one of the options',
  );
const ticked = z.array(option).min(1).optional();
const multiSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...list,
    initial_options: ticked,
    max_selected_items: z.int().min(1).optional(),
  })
  .refine(isOneList, 'needs options or option_groups')
  .refine((one) => isOffered(one, one.initial_options ?? []), 'initial_options must be among the options')
  .refine(
    (one) => (one.initial_options?.length ?? 0) <= (one.max_selected_items ?? Number.POSITIVE_INFINITY),
    'more initial_options than max_selected_items',
  );
const checkboxes = z
  .strictObject({
    type: z.literal('checkboxes'),
    action_id: id,
    options: z.array(option).min(1).max(LIMITS.checkboxes),
    initial_options: ticked,
  })
  .refine((one) => isOffered(one, one.initial_options ?? []), 'initial_options must be among the options');
const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  action_id: id,
  initial_date: z.iso.date().optional(),
  placeholder: plain(LIMITS.placeholder).optional(),
});
const typed = z
  .strictObject({
    type: z.literal('plain_text_input'),
    action_id: id,
    multiline: z.boolean().optional(),
    max_length: z.int().min(1).max(LIMITS.typed).optional(),
    initial_value: z.string().optional(),
    placeholder: plain(LIMITS.placeholder).optional(),
  })
  .refine((one) => (one.initial_value ?? '').length <= (one.max_length ?? LIMITS.typed), 'initial_value is too long');

const block_id = id.optional();
const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('divider'), block_id }),
  z.strictObject({ type: z.literal('header'), block_id, text: plain(LIMITS.header) }),
  z
    .strictObject({
      type: z.literal('section'),
      block_id,
      text: anyText(LIMITS.text).optional(),
      fields: z.array(anyText(LIMITS.field)).min(1).max(LIMITS.fields).optional(),
      accessory: button.optional(),
    })
    .refine((one) => one.text !== undefined || one.fields !== undefined, 'needs text or fields'),
  z.strictObject({
    type: z.literal('context'),
    block_id,
    elements: z.array(anyText(LIMITS.text)).min(1).max(LIMITS.contextElements),
  }),
  z.strictObject({
    type: z.literal('actions'),
    block_id,
    elements: z
      .array(z.discriminatedUnion('type', [button, overflow]))
      .min(1)
      .max(LIMITS.actions),
  }),
  z.strictObject({
    type: z.literal('input'),
    block_id: id,
    label: plain(LIMITS.inputLabel),
    hint: plain(LIMITS.inputHint).optional(),
    optional: z.boolean().optional(),
    element: z.discriminatedUnion('type', [typed, select, multiSelect, checkboxes, datepicker]),
  }),
]);
const view = z
  .strictObject({
    type: z.literal('modal'),
    title: plain(LIMITS.viewText),
    submit: plain(LIMITS.viewText).optional(),
    close: plain(LIMITS.viewText).optional(),
    callback_id: id.optional(),
    private_metadata: z.string().max(LIMITS.metadata).optional(),
    blocks: z.array(z.looseObject({ type: z.string() })),
  })
  .refine(
    (one) => one.submit !== undefined || one.blocks.every(({ type }) => type !== 'input'),
    'a modal with inputs needs submit',
  );

/** Every way in which blocks go against Slack's limits, or use what Parley does not send; none when Slack would take them. */
export function checkBlocks(blocks: unknown, surface: Surface): string[] {
  const parsed = z.array(block).min(1).max(LIMITS.blocks[surface]).safeParse(blocks);
  if (!parsed.success) return faultsOf(parsed.error, 'blocks');
  const ids = parsed.data.flatMap((one) => (one.block_id ? [one.block_id] : []));
  const faults = [...twice(ids, 'block_id'), ...twice(parsed.data.flatMap(actionIds), 'action_id')];
  const length = JSON.stringify(blocks).length;
  return length > LIMITS.json[surface]
    ? [...faults, `blocks: ${length} characters of JSON, at most ${LIMITS.json[surface]}`]
    : faults;
}

/** The same for a whole modal: its frame and its blocks. */
export function checkView(modal: unknown): string[] {
  const parsed = view.safeParse(modal);
  return parsed.success ? checkBlocks(parsed.data.blocks, 'modal') : faultsOf(parsed.error, 'view');
}

function actionIds(one: z.infer<typeof block>): string[] {
  if (one.type === 'actions') return one.elements.map((element) => element.action_id);
  if (one.type === 'input') return [one.element.action_id];
  return one.type === 'section' && one.accessory ? [one.accessory.action_id] : [];
}

function twice(ids: string[], what: string): string[] {
  return ids.filter((one, at) => ids.indexOf(one) !== at).map((one) => `${what} ${one} is used twice`);
}

function faultsOf(error: z.ZodError, root: string): string[] {
  return error.issues.map((issue) => `${[root, ...issue.path].join('/')}: ${issue.message}`);
}
