import type { Activity, TurnContext } from 'botbuilder';
import { CloudAdapter } from 'botbuilder';
import type { TeamsConfig } from '../../config.ts';
import { authenticationOf, isFromTeams } from './authentication.ts';
import type { Reference } from './reference.ts';
import { inThread } from './reference.ts';

/** A message as Teams takes it. */
export type Message = Partial<Activity>;

/** Teams, by way of the Bot Framework SDK: only this file, authentication.ts and http.ts know it. */
export interface TeamsClient {
  /**
   * Whether Teams signed this activity for our app.
   * @throws DomainError unavailable when the keys of Teams could not be read: the activity may come again
   */
  isFromTeams(activity: unknown, authorization: string): Promise<boolean>;
  /**
   * Posts a message, into a thread where one is named; returns its id.
   * @throws Undeliverable when the conversation cannot be written to; RetryLater when Teams said when to come back
   */
  post(to: Reference, thread: string | null, message: Message): Promise<string>;
  /**
   * Changes a message in place.
   * @throws Undeliverable when it is not there any more; RetryLater when Teams said when to come back
   */
  put(to: Reference, messageId: string, message: Message): Promise<void>;
}

/** Makes the client of one app registration; it asks for a token only when something is sent. */
export function teamsClient(config: TeamsConfig): TeamsClient {
  const authentication = authenticationOf(config);
  const adapter = new CloudAdapter(authentication);
  const inConversation = (to: Reference, work: (context: TurnContext) => Promise<void>) =>
    adapter.continueConversationAsync(config.appId, referenceOf(to), work);
  return {
    isFromTeams: (activity, authorization) => isFromTeams(authentication, activity, authorization),
    post: async (to, thread, message) => {
      let id = '';
      await inConversation(to, async (context) => {
        const { conversation } = referenceOf(to, inThread(to.conversation.id, thread));
        // The context's own way of sending would add a replyToId that names no message.
        const [sent] = await adapter.sendActivities(context, [{ ...message, conversation }]);
        id = sent?.id ?? '';
      });
      if (!id) throw new Error('Teams took a message without naming it');
      return id;
    },
    put: (to, messageId, message) =>
      inConversation(to, async (context) => {
        await adapter.updateActivity(context, {
          ...message,
          conversation: referenceOf(to).conversation,
          id: messageId,
        });
      }),
  };
}

/** The SDK's form of a reference, which wants names and flags that Teams does not look at. */
function referenceOf(to: Reference, conversationId = to.conversation.id) {
  return {
    channelId: to.channelId,
    serviceUrl: to.serviceUrl,
    bot: { id: to.bot.id, name: '' },
    conversation: {
      ...to.conversation,
      id: conversationId,
      isGroup: to.conversation.conversationType !== 'personal',
      name: '',
    },
  };
}
