/** The arguments of the methods that the stand-in answers, as Slack documents them; anything else is refused. */
export const METHODS: Readonly<Record<string, { required: string[]; optional: string[] }>> = {
  'auth.test': { required: [], optional: [] },
  'apps.connections.open': { required: [], optional: [] },
  'oauth.v2.access': { required: ['code', 'client_id', 'client_secret'], optional: ['redirect_uri'] },
  'chat.postMessage': {
    required: ['channel'],
    optional: [
      'text',
      'blocks',
      'attachments',
      'thread_ts',
      'reply_broadcast',
      'unfurl_links',
      'unfurl_media',
      'metadata',
      'mrkdwn',
      'parse',
      'link_names',
    ],
  },
  'chat.postEphemeral': {
    required: ['channel', 'user'],
    optional: ['text', 'blocks', 'attachments', 'thread_ts', 'parse', 'link_names'],
  },
  'chat.update': {
    required: ['channel', 'ts'],
    optional: ['text', 'blocks', 'attachments', 'metadata', 'parse', 'link_names', 'reply_broadcast'],
  },
  'chat.delete': { required: ['channel', 'ts'], optional: [] },
  'views.open': { required: ['trigger_id', 'view'], optional: [] },
  'views.update': { required: ['view'], optional: ['view_id', 'external_id', 'hash'] },
  'conversations.history': {
    required: ['channel'],
    optional: ['cursor', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'],
  },
  'conversations.replies': {
    required: ['channel', 'ts'],
    optional: ['cursor', 'limit', 'oldest', 'latest', 'inclusive', 'include_all_metadata'],
  },
  'conversations.info': { required: ['channel'], optional: ['include_locale', 'include_num_members'] },
  'users.info': { required: ['user'], optional: ['include_locale'] },
};

/** Arguments that carry JSON in a form-encoded request. */
const JSON_ARGUMENTS = new Set(['blocks', 'attachments', 'metadata', 'view']);

export type Arguments = Record<string, unknown>;

/** Reads a request's arguments, or says in Slack's words what is wrong with them. */
export function readArguments(
  method: string,
  given: Record<string, unknown>,
): { args: Arguments } | { error: string; detail: string } {
  const known = METHODS[method];
  if (!known) return { error: 'unknown_method', detail: `the stand-in does not know ${method}` };
  const { token: _token, team_id: _team, ...rest } = given;
  const missing = known.required.filter((name) => rest[name] === undefined || rest[name] === '');
  const unknown = Object.keys(rest).filter((name) => !known.required.includes(name) && !known.optional.includes(name));
  if (missing.length || unknown.length) {
    const detail = [
      ...missing.map((name) => `missing required field: ${name}`),
      ...unknown.map((name) => `${method} has no argument ${name}`),
    ].join('; ');
    return { error: 'invalid_arguments', detail };
  }
  try {
    return {
      args: Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [
          name,
          JSON_ARGUMENTS.has(name) && typeof value === 'string' ? JSON.parse(value) : value,
        ]),
      ),
    };
  } catch {
    return { error: 'invalid_arguments', detail: 'an argument is not JSON' };
  }
}
