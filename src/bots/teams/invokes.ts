const SAY = 'Parley does not offer this in Teams. Write "help" to see what it can do.';

/** What an invoke is answered with. */
export interface Refusal {
  status: 200 | 412 | 501;
  body?: object;
}

const task = (): Refusal => ({ status: 200, body: { task: { type: 'message', value: SAY } } });
const extension = (): Refusal => ({ status: 200, body: { composeExtension: { type: 'message', text: SAY } } });
const config = (): Refusal => ({
  status: 200,
  body: { responseType: 'config', config: { type: 'message', value: SAY } },
});
/** Teams shows nothing of such an answer, whatever it says. */
const acknowledged = (): Refusal => ({ status: 200, body: {} });

/**
 * Invokes of features that Parley does not offer, each refused in the form that Teams shows (learn.microsoft.com,
 * "Dialogs", "Respond to search command", "Send and receive files through a bot", "Enable SSO for your bot").
 */
const REFUSALS: Readonly<Record<string, (value: unknown) => Refusal>> = {
  'task/fetch': task,
  'task/submit': task,
  'composeExtension/fetchTask': task,
  'composeExtension/submitAction': task,
  'composeExtension/query': extension,
  'composeExtension/queryLink': extension,
  'composeExtension/anonymousQueryLink': extension,
  'composeExtension/selectItem': extension,
  'composeExtension/querySettingUrl': extension,
  'composeExtension/setting': acknowledged,
  'composeExtension/onCardButtonClicked': acknowledged,
  'config/fetch': config,
  'config/submit': config,
  'fileConsent/invoke': acknowledged,
  'actionableMessage/executeAction': acknowledged,
  'message/submitAction': acknowledged,
  'signin/verifyState': acknowledged,
  'signin/failure': acknowledged,
  'signin/tokenExchange': notExchanged,
  'application/search': () => ({
    status: 200,
    body: { statusCode: 200, type: 'application/vnd.microsoft.search.searchResponse', value: { results: [] } },
  }),
};

export function isKnownInvoke(name: string): boolean {
  return Object.hasOwn(REFUSALS, name);
}

/** Refuses an invoke; 501 is the Bot Framework's word for one that nobody knows. */
export function refuseInvoke(name: string, value: unknown): Refusal {
  const refusal = isKnownInvoke(name) ? REFUSALS[name] : undefined;
  return refusal?.(value) ?? { status: 501 };
}

/** 412 tells Teams that this bot takes no token, so that it does not offer the same one again. */
function notExchanged(value: unknown): Refusal {
  const { id, connectionName } = (value ?? {}) as { id?: unknown; connectionName?: unknown };
  return { status: 412, body: { id, connectionName, failureDetail: SAY } };
}
