import type { AckFn, App as Bolt, SocketModeReceiver } from '@slack/bolt';
import bolt from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { Logger } from 'pino';
import type { SlackConfig } from '../../config.ts';
import { agentOf } from '../../core/kernel/egress.ts';
import { routeNamed } from '../../core/kernel/route.ts';
import type { Channel, ChannelTools, Inbound } from '../channel.ts';
import { unreadable } from '../notice.ts';
import type { Afterwards, Ways } from './answer.ts';
import { afterButton, tell, toCommand, toSubmission } from './answer.ts';
import { called, loggerFor, TIMEOUT, webClient } from './client.ts';
import { mountInstall } from './install.ts';
import { unworked } from './kept.ts';
import { findCard, removeMessage, sendCard, updateCard } from './post.ts';
import type { Handed } from './receiver.ts';
import { overSocket, SlackReceiver } from './receiver.ts';
import { workEvent } from './work.ts';

/** A workspace, with the Web API as its app. */
interface SlackChannel extends Channel {
  web: WebClient;
}

/** Works with the Web API of a workspace. */
type WebOf = <T>(account: string, work: (web: WebClient) => Promise<T>) => Promise<T>;
type WaysOf = (account: string, work: (ways: Ways) => Promise<void>) => Promise<void>;

/**
 * Opens the Slack channel.
 * @throws Error with the cure when Slack does not accept the bot token
 */
export async function openSlack(config: SlackConfig, tools: ChannelTools): Promise<SlackChannel> {
  const { log } = tools.app;
  const web = webClient(config, log);
  const home = tools.account ?? (config.botToken ? await homeOf(web, log) : '');
  const receiver = new SlackReceiver({
    signingSecret: config.signingSecret ?? '',
    home,
    words: tools.app.registry.words,
    log,
    inbound: tools.inbound,
  });
  const app = new bolt.App({
    receiver,
    // The token is known: asking Slack at every request who we are would cost a call each. A fresh object, as Bolt writes into it.
    authorize: async () => ({ botToken: config.botToken ?? '' }),
    clientOptions: config.apiUrl ? { slackApiUrl: config.apiUrl } : {},
    logger: loggerFor(log),
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
  });
  // The receiver logs what fails and answers it; Bolt would log it a second time.
  app.error((error) => Promise.reject(error));
  const webOf: WebOf = (account, work) =>
    account === home || !tools.as ? work(web) : tools.as(account, (channel) => work((channel as SlackChannel).web));
  const dispatcher = agentOf(tools.egress);
  const waysOf: WaysOf = (account, work) => webOf(account, (web) => work({ web, dispatcher }));
  listenTo(app, tools.inbound, afterwardsOn(waysOf, log));
  return {
    name: 'slack',
    web,
    can: { edit: true, direct: true },
    mount: (express) => {
      const { clientId, clientSecret, signingSecret } = config;
      if (clientId && clientSecret) mountInstall(express, { ...config, clientId, clientSecret }, tools);
      if (!signingSecret) return;
      express.post('/slack/events', routeNamed('slack.events'), (request, response) =>
        receiver.handle(request, response),
      );
    },
    ...(config.appToken ? { listen: () => listenBySocket(config, config.appToken ?? '', receiver, log) } : {}),
    send: (room, card, posting) => sendCard(web, room, card, posting),
    update: (room, ref, card, posting) => updateCard(web, room, ref, card, posting),
    find: (room, posting, since) => findCard(web, room, posting, since),
    remove: (room, ref) => removeMessage(web, room, ref),
    work: async (item) => unworked(item) ?? workEvent(web, tools.inbound, item),
    close: () => dispatcher.destroy(),
  };
}

/** The workspace of the token. While Slack cannot be reached the rest of Parley must work: requests name their workspace themselves. */
async function homeOf(web: WebClient, log: Logger): Promise<string> {
  try {
    return String((await web.auth.test()).team_id);
  } catch (error) {
    const passing =
      error instanceof WebAPIRequestError ||
      error instanceof WebAPIHTTPError ||
      error instanceof WebAPIRateLimitedError;
    if (!passing) return called(Promise.reject(error));
    log.warn({ err: error }, 'Slack cannot be reached just now; Parley goes on without knowing its workspace');
    return '';
  }
}

type Run = (account: string, after: Afterwards) => void;

/** Runs what follows an acknowledgement, after it: its failure is logged, for nobody waits for it. */
function afterwardsOn(waysOf: WaysOf, log: Logger): Run {
  return (account, after) => {
    if (!after) return;
    setImmediate(async () => {
      try {
        await waysOf(account, after);
      } catch (error) {
        log.warn({ err: error }, 'an answer could not be shown in Slack');
      }
    });
  };
}

/** One listener for everything: parse.ts has said what a request is, so Bolt need not try listeners in turn. */
function listenTo(app: Bolt, inbound: Inbound, afterwards: Run): void {
  app.use(async ({ context, ...rest }) => {
    const ack = 'ack' in rest ? (rest.ack as AckFn<unknown>) : async () => undefined;
    const { request, account } = context as unknown as Handed;
    switch (request.kind) {
      case 'button':
        afterwards(
          account,
          request.pressed
            ? afterButton(await inbound.press(request.pressed), request)
            : (ways) => tell(ways, request.where, unreadable()),
        );
        return ack();
      case 'submission': {
        const answer = request.pressed
          ? await inbound.press(request.pressed)
          : ({ kind: 'card', card: unreadable() } as const);
        const reply = toSubmission(answer, request);
        afterwards(account, reply.after);
        return ack(reply.ack);
      }
      case 'command': {
        const reply = toCommand(await inbound.press(request.pressed), request);
        afterwards(account, reply.after);
        return ack(reply.ack);
      }
    }
  });
}

/** Socket Mode: Slack is reached from here, so nothing has to be reachable from outside. */
async function listenBySocket(
  config: SlackConfig,
  appToken: string,
  receiver: SlackReceiver,
  log: Logger,
): Promise<() => Promise<void>> {
  const socket: SocketModeReceiver = new bolt.SocketModeReceiver({
    appToken,
    logger: loggerFor(log),
    installerOptions: { clientOptions: { ...(config.apiUrl ? { slackApiUrl: config.apiUrl } : {}), timeout: TIMEOUT } },
  });
  overSocket(socket, receiver);
  // Not awaited: while Slack cannot be reached it tries again, and the rest of Parley works meanwhile.
  socket.start().then(
    () => log.info('connected to Slack by Socket Mode'),
    (error: unknown) =>
      log.error(
        { err: error },
        'Slack refuses Socket Mode: check SLACK_APP_TOKEN and that the app has Socket Mode turned on',
      ),
  );
  // Bolt's own stop does not wait until the connection is closed.
  return async () => {
    await socket.client.disconnect();
  };
}
