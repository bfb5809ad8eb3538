import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const USE = 'src/core/kernel/key-use.ts';
const INDEX = 'src/api/index.ts';
const COMMAND = 'src/api/command.ts';
const SERVED = 'src/api/served.ts';
const KEY = 'src/core/keys/key.ts';
const KEYS = 'prisma/migrations/20261127100000_api_keys/migration.sql';
const api = 'src/api/api.test.ts';

/** Programs with a key. */
export const API: readonly Mutant[] = [
  mutant(
    'a command is not found under the name that it had',
    INDEX,
    "served.commands.get(commandOf(app.registry, { target, input: {} })?.name ?? '')",
    'served.commands.get(target)',
    api,
  ),
  mutant(
    'a version that no column holds is a fault',
    'src/core/kernel/thing-command.ts',
    'max(LAST_VERSION, none)',
    'max(Number.MAX_SAFE_INTEGER, none)',
    api,
  ),
  mutant(
    'what is described is markup on the pages about the API',
    'src/api/docs.ts',
    'html`<strong>${part.slice(2, -2)}</strong>` : html`${part}`',
    'html`<strong>${part.slice(2, -2)}</strong>` : { html: part }',
    'src/api/docs.test.ts',
  ),
  mutant('a key that reads does things', USE, 'if (!key.writes)', 'if (!key)', api),
  mutant('a key signs', USE, 'return !command.signs && ', 'return ', api),
  mutant('a key signs its person out', USE, ' && moduleOf(command) !== null', '', api),
  mutant('a key for some modules does things of others', USE, 'if (key.modules && ', 'if (!key && ', api),
  mutant(
    'a key for some modules reads others',
    USE,
    "if (actor.kind !== 'person' || !key?.modules) return actor;",
    'if (!key || key) return actor;',
    api,
  ),
  mutant('a key that was ended counts', KEYS, ' and k.ended_at is null and', ' and', api),
  mutant('a key that is over counts', KEYS, ' and k.expires_at > p_at;', ';', api),
  mutant(
    'the key of somebody who left counts',
    KEYS,
    'and q.id = k.person_id and q.active',
    'and q.id = k.person_id',
    api,
  ),
  mutant(
    'a program is handed codes',
    'src/core/kernel/context.ts',
    'keyOf(who) ? { ...kernel, secrets: signingNothing(kernel.secrets) } : kernel',
    'kernel',
    api,
  ),
  mutant('what needs a surer sign is offered to keys', SERVED, "|| assurance === 'link'", '|| true', api),
  mutant('what no key does is offered to keys', SERVED, ' || !isForKeys(command)', '', api),
  mutant('what the hub does by itself is offered to keys', SERVED, 'policy === isSystem || ', '', api),
  mutant('a program says what channels alone say', COMMAND, 'if (own) throw', 'if (own === null) throw', api),
  mutant('an If-Match is not heeded', COMMAND, 'return { version: named };', 'return {};', api),
  mutant('an Idempotency-Key is not heeded', COMMAND, 'return word;', 'return crypto.randomUUID();', api),
  mutant(
    'the word of one key is that of all',
    COMMAND,
    '`api:${key.id}:${idOf(request)}`',
    '`api:${idOf(request)}`',
    api,
  ),
  mutant('an act does not name its key', 'src/api/caller.ts', 'onBehalfOf: `key ${id}`', 'onBehalfOf: undefined', api),
  mutant('viewers of a client have keys', KEY, "|| actor.role === 'client_admin'", '|| true', api),
  mutant('keys are made without end', 'src/core/keys/make-key.ts', '>= MOST_KEYS)', '>= 1_000)', api),
  mutant(
    'a key asks as often as it likes',
    INDEX,
    'limit: perMinute, legacyHeaders: false },\n    ...{ standardHeaders',
    'limit: perMinute * 100, legacyHeaders: false },\n    ...{ standardHeaders',
    api,
  ),
  mutant(
    'fields that are not wanted are told all the same',
    'src/api/view.ts',
    'names.map((name) => [name, data[name]])',
    'Object.entries(data)',
    api,
  ),
];
