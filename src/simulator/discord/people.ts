import { checkModal } from '../../bots/discord/limits.ts';
import { contentOf, faultsIn, openThread } from './api.ts';
import type { Recorded } from './requests.ts';
import { dispatched, interactionJson } from './shapes.ts';
import type { Stage } from './stage.ts';
import type { Channel, Json, Message, Modal, User } from './state.ts';
import { addMessage, channelOf, FLAGS, messageOf, nextId, partsOf, userOf } from './state.ts';

/** What people do in Discord. */
export interface Acts {
  /** Presses the button with this label or custom id, or chooses it from a list, as its client would. */
  press(messageId: string, label: string, userId: string): Promise<Recorded>;
  /** Sends a modal with what was typed, by the labels or names of its inputs. */
  submit(modalId: string, typed: Record<string, string>, userId: string): Promise<Recorded>;
  closeModal(modalId: string): void;
  /** Types /parley with this word, and `rest` into the option that the word has. */
  command(word: string, userId: string, channelId: string, rest?: string): Promise<Recorded>;
  /** Writes a message, in the thread of one (which it opens), in reply to one, or neither. */
  say(channelId: string, text: string, userId: string, to?: { thread?: string; replyTo?: string }): Message;
  /** The gateway tells of a message once more, as after a break. */
  tellAgain(messageId: string): number;
  dismiss(messageId: string): void;
  /** Delivers the same interaction once more. */
  resend(recorded: Recorded): Promise<Recorded>;
}

const CARD = { command: 2, component: 3, modal: 5 };
const ANSWER = { tell: 4, wait: 5, quiet: 6, replace: 7, modal: 9 };

/** @param send delivers an interaction, by its door or over the gateway */
export function actsOn(stage: Stage, send: (body: Json) => Promise<Recorded>): Acts {
  const { application } = stage;
  const state = () => stage.state();

  const interact = async (
    type: number,
    data: Json,
    { user, channel, message }: { user: User; channel: Channel; message: Message | null },
  ): Promise<Recorded> => {
    const id = nextId(state());
    const token = `token-${id}`;
    const body = { ...interactionJson(application.id, { id, token, user, channel, message }), type, data };
    const recorded = await send(body);
    if (recorded.answer) stage.answers.push(recorded.answer);
    if (recorded.answer) apply(recorded.answer, { token, user, channel, message });
    stage.changed();
    return recorded;
  };

  const apply = (
    answer: Json,
    { token, user, channel, message }: { token: string; user: User; channel: Channel; message: Message | null },
  ): void => {
    const data = (answer.data ?? {}) as Json;
    switch (answer.type) {
      case ANSWER.tell:
      case ANSWER.wait: {
        const waiting = answer.type === ANSWER.wait;
        if (!waiting) stage.complaints.push(...faultsIn(data));
        const onlyFor = Number(data.flags ?? 0) & FLAGS.ephemeral ? user.id : null;
        addMessage(state(), channel, { ...contentOf(data), onlyFor, token, waiting });
        return;
      }
      case ANSWER.quiet:
        if (message?.onlyFor) message.token = token;
        return;
      case ANSWER.replace:
        stage.complaints.push(...faultsIn(data));
        if (!message) stage.complaints.push('there is no message to replace');
        else if (message.flags & FLAGS.v2 && !(Number(data.flags ?? 0) & FLAGS.v2))
          stage.complaints.push('a message of components v2 cannot become another one');
        else Object.assign(message, contentOf(data), { token });
        return;
      case ANSWER.modal:
        stage.complaints.push(...checkModal(data));
        state().modals.push({
          id: nextId(state()),
          user: user.id,
          channel: channel.id,
          message: message?.id ?? null,
          data: data as Modal['data'],
        });
        return;
      default:
        stage.complaints.push(`an answer of type ${String(answer.type)}`);
    }
  };

  return {
    press: (messageId, label, userId) => {
      const message = messageOf(state(), messageId);
      const data = pressedOn(message, label);
      const channel = channelOf(state(), message.channel);
      return interact(CARD.component, data, { user: userOf(state(), userId), channel, message });
    },
    submit: (modalId, typed, userId) => {
      const modal = state().modals.find(({ id }) => id === modalId);
      if (!modal) throw new Error('There is no such form any more.');
      state().modals.splice(state().modals.indexOf(modal), 1);
      const message = modal.message ? (allIn(state().channels).find(({ id }) => id === modal.message) ?? null) : null;
      const data = { custom_id: modal.data.custom_id, components: typedInto(modal, typed) };
      const channel = channelOf(state(), modal.channel);
      return interact(CARD.modal, data, { user: userOf(state(), userId), channel, message });
    },
    closeModal: (modalId) => {
      state().modals = state().modals.filter(({ id }) => id !== modalId);
      stage.changed();
    },
    command: (word, userId, channelId, rest) => {
      const options = rest === undefined ? [] : [{ name: optionOf(state().commands, word), type: 3, value: rest }];
      const data = { id: '1', name: 'parley', type: 1, options: [{ name: word, type: 1, options }] };
      const user = userOf(state(), userId);
      return interact(CARD.command, data, { user, channel: channelOf(state(), channelId), message: null });
    },
    say: (channelId, text, userId, { thread, replyTo } = {}) => {
      const parent = channelOf(state(), channelId);
      const channel = thread ? threadOf(stage, parent, thread) : parent;
      const from = userOf(state(), userId);
      const message = addMessage(state(), channel, { from, content: text, replyTo: replyTo ?? null });
      stage.changed();
      stage.dispatch('MESSAGE_CREATE', dispatched(application.id, state(), message, channel));
      return message;
    },
    tellAgain: (messageId) => {
      const message = messageOf(state(), messageId);
      stage.dispatch(
        'MESSAGE_CREATE',
        dispatched(application.id, state(), message, channelOf(state(), message.channel)),
      );
      return 0;
    },
    dismiss: (messageId) => {
      for (const channel of state().channels)
        channel.messages = channel.messages.filter(({ id, onlyFor }) => id !== messageId || !onlyFor);
      stage.changed();
    },
    resend: ({ body }) => send(JSON.parse(body) as Json),
  };
}

/** The option that the bot registered for a word of /parley. */
function optionOf(commands: Json[], word: string): string {
  const words = commands.flatMap(({ options }) => (options ?? []) as { name: string; options?: { name: string }[] }[]);
  return words.find(({ name }) => name === word)?.options?.[0]?.name ?? 'title';
}

const allIn = (channels: Channel[]) => channels.flatMap(({ messages }) => messages);

function threadOf(stage: Stage, parent: Channel, messageId: string): Channel {
  const there = stage.state().channels.find(({ id }) => id === messageId);
  return there ?? openThread(stage, parent, messageOf(stage.state(), messageId), 'A thread');
}

/** What the client sends when a button of a message is pressed, or something is chosen from a list. */
function pressedOn(message: Message, wanted: string): Json {
  const parts = partsOf(message.components);
  const button = parts.find(({ type, label, custom_id: id }) => type === 2 && (label === wanted || id === wanted));
  if (button?.custom_id) return { component_type: 2, custom_id: button.custom_id };
  for (const list of parts.filter(({ type }) => type === 3)) {
    const options = list.options as { label: string; value: string }[];
    const chosen = options.find(({ label, value }) => label === wanted || value === wanted);
    if (chosen) return { component_type: 3, custom_id: list.custom_id, values: [chosen.value] };
  }
  // What was drawn before may be pressed again, as somebody else's client still shows it.
  if (/^[a-z-]+\.[a-z-]+/.test(wanted)) return { component_type: 2, custom_id: wanted };
  throw new Error(`there is no button “${wanted}” on this message`);
}

/** The inputs of a modal with what was typed; one that was left alone has what stood in it. */
function typedInto(modal: Modal, typed: Record<string, string>): Json[] {
  return modal.data.components.map((label) => {
    const component = label.component as Json | undefined;
    if (!component) return { type: label.type };
    const { custom_id: id, type } = component;
    const given = typed[String(label.label)] ?? typed[String(id).split(' ')[0] ?? ''];
    if (type === 3 && component.max_values !== undefined)
      return { type: 18, component: { type, custom_id: id, values: severalIn(component, given) } };
    if (type === 3) {
      const options = component.options as { value: string; label: string; default?: boolean }[];
      const chosen =
        given === undefined
          ? options.find((one) => one.default)
          : options.find((one) => [one.value, one.label].includes(given));
      return { type: 18, component: { type, custom_id: id, values: chosen ? [chosen.value] : [] } };
    }
    return { type: 18, component: { type, custom_id: id, value: given ?? String(component.value ?? '') } };
  });
}

/** What is chosen in a list that takes several, by values or labels with commas between them. */
function severalIn(component: Json, given: string | undefined): string[] {
  const options = component.options as { value: string; label: string; default?: boolean }[];
  const wanted = given?.split(',').map((one) => one.trim());
  const chosen = wanted
    ? wanted.filter(Boolean).map((one) => {
        const option = options.find(({ value, label }) => value === one || label === one);
        if (!option) throw new Error(`there is no option “${one}” in this list`);
        return option;
      })
    : options.filter((one) => one.default);
  if (chosen.length < Number(component.min_values) || chosen.length > Number(component.max_values))
    throw new Error(`this list takes ${String(component.min_values)} to ${String(component.max_values)}`);
  return chosen.map(({ value }) => value);
}
