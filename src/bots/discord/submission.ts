import type { Answer } from '../../core/kernel/answer.ts';
import type { Form, Press } from '../../core/kernel/card.ts';
import { formOf } from '../../core/kernel/card.ts';
import type { ChannelTools, Pressed } from '../channel.ts';
import { cardOf } from '../notice.ts';
import { pagesOf } from './form.ts';
import type { Typed } from './form-message.ts';
import { renderFormMessage, shownOf, typedIn } from './form-message.ts';
import { NOTHING } from './form-names.ts';
import type { Awaited } from './parse.ts';
import type { Shown } from './shown.ts';

type Submission = Extract<Awaited, { kind: 'submission' }>;

/** A modal was sent: a page of several is kept in a message until the last one is there; then the form is sent. */
export async function answerSubmission(tools: ChannelTools, request: Submission): Promise<Shown> {
  const { pressed, opened, page, earlier } = request;
  if (opened.pages === 1) return submit(tools, pressed, { form: null, view: opened.view, request });
  const form = await formAgain(tools, pressed, opened.view);
  if (!form) return submit(tools, pressed, { form: null, view: opened.view, request });
  const kept = Object.entries(typedIn(earlier, form)).filter(([name]) => !page.includes(name));
  const typed = { ...Object.fromEntries(kept), ...pressed.form };
  if (opened.page < opened.pages - 1) {
    const say = [`There is more that you can fill in. “${form.submit.label}” sends what is here.`];
    const pages = pagesOf(form).length;
    // The press of the modal, not of the form as it is now: what changed meanwhile is to be noticed.
    const submit = { label: form.submit.label, press: pressed.press };
    return {
      kind: 'form',
      message: renderFormMessage(say, { typed: shownOf(form, typed), pages, submit, view: opened.view }),
    };
  }
  return submit(tools, { ...pressed, form: typed }, { form, view: opened.view, request });
}

/** Sends a form. What is wrong with it is said beside what was typed, and the form can be opened again. */
export async function submit(
  tools: ChannelTools,
  pressed: Pressed,
  known: { form: Form | null; view: Press | null; request?: Submission },
): Promise<Shown> {
  const { stay, open } = unseenBoxes(known.form, pressed);
  const answer = open.length
    ? unanswered(open)
    : await tools.inbound.press({ ...pressed, ...(pressed.form ? { form: { ...stay, ...pressed.form } } : {}) });
  const faults = faultsOf(answer);
  if (!faults) {
    if (answer.kind !== 'form') return { kind: 'card', card: cardOf(answer) };
    // Whoever is not linked yet: a modal cannot follow a modal, so a button opens it.
    const form = formOf(answer.card) as Form;
    const view = { target: 'identity.link', input: {} };
    const pages = pagesOf(form).length;
    return {
      kind: 'form',
      message: renderFormMessage([answer.card.fallback], { typed: [], pages, submit: null, view }),
    };
  }
  const form = known.form ?? (await formAgain(tools, pressed, known.view));
  const submitting = form ? { label: form.submit.label, press: pressed.press } : null;
  const typed = form ? shownOf(form, pressed.form ?? {}) : unnamed(pressed, known.request?.earlier ?? []);
  const pages = form ? pagesOf(form).length : (known.request?.opened.pages ?? 1);
  const say = faults.map(([name, fault]) => {
    const field = form?.fields.find((one) => one.name === name);
    return name ? `⚠️ ${field?.label ?? name}: ${fault}` : `⚠️ ${fault}`;
  });
  return { kind: 'form', message: renderFormMessage(say, { typed, pages, submit: submitting, view: known.view }) };
}

/** Boxes on a page that nobody opened: what is ticked there stays, and where an answer is needed, leaving them is none. */
function unseenBoxes(
  form: Form | null,
  { form: typed = {} }: Pressed,
): { stay: Record<string, string>; open: string[] } {
  const boxes = form?.fields.filter((field) => field.kind === 'several') ?? [];
  const unseen = boxes.filter(({ name, options }) => options.length > 0 && typed[name] === undefined);
  return {
    stay: Object.fromEntries(unseen.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    open: unseen.flatMap(({ name, value, needed }) => (value === undefined && needed ? [name] : [])),
  };
}

function unanswered(open: readonly string[]): Answer {
  const fields = Object.fromEntries(open.map((name) => [name, 'is on another page. Please look at it first.']));
  return { kind: 'invalid', say: 'Please look at all pages.', fields };
}

/** An outage is a fault of the form as well: what was typed must not be lost by it. */
function faultsOf(answer: Answer): [string, string][] | null {
  if (answer.kind === 'invalid') {
    const faults = Object.entries(answer.fields);
    return faults.length ? faults : [['', answer.say]];
  }
  return answer.kind === 'refused' && answer.code === 'unavailable' && !answer.unknown ? [['', answer.say]] : null;
}

/** The form as it is now; null when it cannot be opened just then. */
async function formAgain(
  { inbound }: ChannelTools,
  { who, requestId }: Pressed,
  view: Press | null,
): Promise<Form | null> {
  const opened = view && (await inbound.press({ who, press: view, requestId: `${requestId}:form` }));
  return opened?.kind === 'form' ? formOf(opened.card) : null;
}

/** What was typed, where nobody can say just then what its fields are called. */
function unnamed({ form = {} }: Pressed, earlier: readonly Typed[]): Typed[] {
  const fresh = Object.entries(form).map(([title, description]) => ({ title, description: description || NOTHING }));
  return [...earlier.filter(({ title }) => !(title in form)), ...fresh];
}
