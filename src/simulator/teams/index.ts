import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { installationActivity, messageActivity, pressActivity } from './activities.ts';
import type { ActionPress } from './client.ts';
import { cardIn, pressOn } from './client.ts';
import type { Fault } from './connector.ts';
import type { Directory } from './server.ts';
import { serve } from './server.ts';
import { makeSigner } from './signing.ts';
import type { CardJson, Conversation, Kind, Message, Recorded, State, User } from './state.ts';
import { addMessage, cardSeenBy, conversationOf, emptyState, makeConversation, messageIn } from './state.ts';

export interface StandInSettings {
  /** 0 or absent: any free one. */
  port?: number;
  appId: string;
  appPassword: string;
  /** The bot's messaging endpoint; a function when it is known only later. */
  messagesUrl: string | (() => string);
  /** The organisation in which everything happens. */
  tenantId?: string;
  /** That of another organisation, with the same bot: both are of one Microsoft then. */
  directory?: Directory;
}

/** Microsoft Teams on this machine: login, signing keys and connector service over HTTP, and the people in it. */
export interface TeamsStandIn {
  url: string;
  tenantId: string;
  directory: Directory;
  /** For TEAMS_LOGIN_URL. */
  loginUrl: string;
  /** For TEAMS_OPENID_URL. */
  openIdUrl: string;
  /** Emits 'change' whenever something on anybody's screen changed. */
  changes: EventEmitter<{ change: [] }>;
  conversations(): readonly Conversation[];
  addUser(name: string): User;
  addConversation(given: { id?: string; kind: Kind; name: string; members: User[] }): Conversation;
  /** Adds the app to a conversation. */
  install(conversationId: string, by: User): Promise<Recorded>;
  uninstall(conversationId: string, by: User): Promise<Recorded>;
  /** Writes a message, in answer to one or not; `mention` (by default in rooms alone) addresses the bot. */
  say(conversationId: string, text: string, by: User, replyToId?: string | null, mention?: boolean): Promise<Recorded>;
  /** Presses with exactly this data. An answer that is a card is what the person sees from then on. */
  pressAction(conversationId: string, messageId: string, press: ActionPress, by: User): Promise<Recorded>;
  /** Presses the button of this title on the card as the person sees it, with what they typed, as a client would. */
  pressButton(
    conversationId: string,
    messageId: string,
    title: string,
    by: User,
    typed?: Record<string, string>,
  ): Promise<Recorded>;
  /** The card as a person sees it now. */
  seen(conversationId: string, messageId: string, by: User): CardJson | null;
  /** Delivers the same activity once more. */
  resend(recorded: Recorded): Promise<Recorded>;
  /** Delivers any activity; with `authorization` in place of the proper one, or null for none. */
  deliver(activity: Record<string, unknown>, authorization?: string | null): Promise<Recorded>;
  /** A token as the Bot Connector signs it for the bot, with these claims besides or instead. */
  token(claims: Record<string, unknown>): string;
  /** The bot's next calls to the connector service fail like this. */
  failNext(fault: Fault, times?: number): void;
  /** Everything it remembers, as plain JSON to be put back later. */
  snapshot(): State;
  restore(state: State): void;
  stop(): Promise<void>;
}

/** Starts Teams on a loopback port. */
export async function startTeamsStandIn(settings: StandInSettings): Promise<TeamsStandIn> {
  const { appId, appPassword, messagesUrl, tenantId = randomUUID(), port = 0 } = settings;
  const { directory = { signer: makeSigner(), tokens: new Set() } } = settings;
  const { signer } = directory;
  const faults: Fault[] = [];
  const changes = new EventEmitter<{ change: [] }>();
  let state = emptyState(tenantId);
  const changed = () => {
    changes.emit('change');
  };
  const served = await serve({ port, appId, appPassword }, directory, {
    state: () => state,
    nextFault: () => faults.shift() ?? null,
    changed,
  });

  const serviceUrl = `${served.url}/`;
  const sceneOf = (id: string) => ({ tenantId, appId, serviceUrl, conversation: conversationOf(state, id) });
  const token = (claims: Record<string, unknown>) => signer.token({ aud: appId, serviceurl: serviceUrl, ...claims });

  const deliver: TeamsStandIn['deliver'] = async (activity, authorization = `Bearer ${token({})}`) => {
    const to = typeof messagesUrl === 'string' ? messagesUrl : messagesUrl();
    const recorded = { activity, ...(await send(to, activity, authorization)) };
    state.recorded.push(recorded);
    return recorded;
  };

  const pressAction: TeamsStandIn['pressAction'] = async (conversationId, messageId, press, by) => {
    const scene = sceneOf(conversationId);
    const message = messageIn(scene.conversation, messageId);
    const { data, verb = 'press', trigger = 'manual' } = press;
    const recorded = await deliver(pressActivity(scene, message, by, { verb, data }, trigger));
    const card = cardIn(recorded.body);
    if (card) message.views[by.id] = card;
    changed();
    return recorded;
  };

  const setInstalled = (conversationId: string, by: User, installed: boolean) => {
    const scene = sceneOf(conversationId);
    scene.conversation.installed = installed;
    changed();
    return deliver(installationActivity(scene, by, installed ? 'membersAdded' : 'membersRemoved'));
  };

  return {
    url: served.url,
    tenantId,
    directory,
    loginUrl: served.loginUrl,
    openIdUrl: served.openIdUrl,
    changes,
    conversations: () => state.conversations,
    addUser: (name) => ({ id: `29:${randomUUID()}`, aadObjectId: randomUUID(), name }),
    addConversation: (given) => {
      const conversation = makeConversation(given);
      state.conversations.push(conversation);
      changed();
      return conversation;
    },
    install: (conversationId, by) => setInstalled(conversationId, by, true),
    uninstall: (conversationId, by) => setInstalled(conversationId, by, false),
    say: (conversationId, text, by, replyToId = null, mention) => {
      const scene = sceneOf(conversationId);
      const { conversation } = scene;
      const thread = replyToId && (messageIn(conversation, replyToId).thread ?? replyToId);
      const message = addMessage(state, conversation, { thread, from: by, text, summary: null, card: null });
      changed();
      return deliver(messageActivity(scene, message, mention ?? conversation.kind !== 'personal', replyToId));
    },
    pressAction,
    pressButton: async (conversationId, messageId, title, by, typed = {}) => {
      const message: Message = messageIn(conversationOf(state, conversationId), messageId);
      return pressAction(conversationId, messageId, pressOn(cardSeenBy(message, by), title, typed), by);
    },
    seen: (conversationId, messageId, by) =>
      cardSeenBy(messageIn(conversationOf(state, conversationId), messageId), by),
    resend: ({ activity }) => deliver(activity),
    deliver,
    token,
    failNext: (fault, times = 1) => {
      faults.push(...Array.from({ length: times }, () => fault));
    },
    snapshot: () => structuredClone(state),
    restore: (earlier) => {
      state = structuredClone(earlier);
      changed();
    },
    stop: served.stop,
  };
}

async function send(
  to: string,
  activity: Record<string, unknown>,
  authorization: string | null,
): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) };
  const response = await fetch(to, { method: 'POST', headers, body: JSON.stringify(activity) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text;
  return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text || null };
}
