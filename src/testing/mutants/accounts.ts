import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const SESSIONS = 'prisma/migrations/20261125200000_sessions/migration.sql';
const CONNECTIONS = 'prisma/migrations/20261125190000_connections/migration.sql';
const SIGN_IN = 'src/portal/sign-in-pages.ts';
const THING = 'src/core/kernel/thing-command.ts';
const signIn = 'src/portal/sign-in.test.ts';
const founding = 'src/portal/founding.test.ts';
const accounts = 'src/bots/accounts.test.ts';
const connections = 'src/core/connections';
const claiming = 'src/bots/claim.test.ts';
const connecting = 'src/portal/connect.test.ts';
const OWNERSHIP = 'prisma/migrations/20261126030000_ownership/migration.sql';

/** Who comes in, and as whose account something is done. */
export const ACCOUNTS: readonly Mutant[] = [
  mutant(
    'a link that was asked for works in any browser',
    SIGN_IN,
    'if (link.browser && link.browser !== browserKey(portal, request))',
    'if (false as boolean)',
    signIn,
  ),
  mutant(
    'another site signs a browser in',
    SIGN_IN,
    'isFromHere(request, portal.origin) && openSeal(portal.app.secrets, request, path) !== null',
    'true',
    signIn,
  ),
  mutant('a link signs in twice', SESSIONS, '  unique (tenant_id, begun_with),\n', '', signIn),
  mutant(
    'a session that was ended lives',
    SESSIONS,
    'and s.ended_at is null and s.expires_at',
    'and s.expires_at',
    signIn,
  ),
  mutant('a session lives for ever', SESSIONS, ' and s.expires_at > p_at and s.seen_at', ' and s.seen_at', signIn),
  mutant('a session that nobody uses lives', SESSIONS, ' and s.seen_at > p_at - p_idle', '', signIn),
  {
    ...mutant(
      'who lost their access stays signed in',
      SESSIONS,
      'q.id = s.person_id and q.active join firm',
      'q.id = s.person_id join firm',
      signIn,
    ),
    survives:
      'the transaction that is opened for the person finds nobody either, and the session is ended by a reaction',
  },
  mutant(
    'a first firm is founded with any address',
    SESSIONS,
    'if not parley_founding(p_hash) then return null; end if;',
    '',
    founding,
  ),
  mutant(
    'the address of the first firm counts for ever',
    SESSIONS,
    "g.hash = p_hash and g.created_at > now() - interval '1 day'\n",
    'g.hash = p_hash\n',
    founding,
  ),
  mutant(
    'a secret is asked for in a chat',
    'src/core/kernel/registry.ts',
    'withoutSecrets(context, press, await form.draw(context, opened, asked))',
    'form.draw(context, opened, asked)',
    'src/portal/secret-form.test.ts',
  ),
  mutant(
    'sealed credentials open for any connection',
    'src/core/kernel/connection.ts',
    'return JSON.stringify([tenantId, id, tool, account]);',
    'return JSON.stringify([typeof tenantId, typeof id, typeof tool, typeof account]);',
    connections,
  ),
  mutant(
    'anybody connects accounts',
    CONNECTIONS,
    "if not (v_actor ->> 'kind' = 'system' or",
    "if v_actor is null and not (v_actor ->> 'kind' = 'system' or",
    connections,
    'src/testing/rights.test.ts',
  ),
  mutant(
    'a connected account becomes whoever’s asks',
    CONNECTIONS,
    '      where c.tenant_id = v_tenant and c.id = v_id\n',
    '',
    connections,
  ),
  mutant(
    'an account is connected without a proof',
    'src/core/kernel/proven.ts',
    'secrets.verify(PURPOSE, proof, signature) ?',
    'secrets && signature ?',
    connections,
  ),
  mutant(
    'what comes to one account’s own address acts as another',
    'src/bots/accounts.ts',
    'install.account === account;',
    'install.account.length > 0 || account.length > 0;',
    accounts,
  ),
  mutant(
    'a delivery brings a removed account with an app of its own back',
    'src/bots/accounts.ts',
    "if (stored.status === 'revoked' && !stored.sealed && presence",
    "if (stored.status === 'revoked' && presence",
    accounts,
  ),
  mutant(
    'an answer in Slack goes to whatever host a request names',
    'src/bots/slack/index.ts',
    'agentOf(tools.egress)',
    'agentOf(undefined)',
    'src/bots/slack/slack.test.ts',
  ),
  mutant(
    'an account that was given up is still used',
    'src/core/kernel/accounts.ts',
    "if (status === 'revoked') throw",
    "if (status === ('never' as string)) throw",
    accounts,
    'src/bots/slack/install.test.ts',
    connections,
  ),
  mutant(
    'the environment’s token writes for a firm that gave its account up',
    'src/bots/accounts.ts',
    "if (this.#tools.own && (stored || ('clientId' in whose && (await this.#isNobodys()))))",
    'if (this.#tools.own)',
    accounts,
    'src/bots/slack/install.test.ts',
  ),
  mutant(
    'a firm without a mailbox writes by one that another firm has connected',
    'src/bots/accounts.ts',
    'return !own?.account ||',
    'return own !== null ||',
    accounts,
  ),
  mutant(
    'a mailbox is noted as faulty because its firm has none to write by',
    'src/bots/accounts.ts',
    'throw room.account ? new Undeliverable(error.message) : new MessageGone(error.message);',
    'throw new Undeliverable(error.message);',
    accounts,
  ),
  mutant(
    'an unsigned interaction of Discord is taken',
    'src/bots/discord/signature.ts',
    "return verify(null, Buffer.concat([Buffer.from(timestamp), raw]), key, Buffer.from(signature, 'hex'));",
    "return raw.length > 0 && key.type === 'public';",
    'src/bots/discord',
  ),
  mutant(
    'a press on an old card acts',
    THING,
    'await requireCurrent(thing, context, it, input.version as number | undefined);\n  requirePossible(thing, act, context, it, input);',
    'requirePossible(thing, act, context, it, input);',
    'src/core/tickets',
  ),
  mutant(
    'a thing may be done whatever its state is',
    THING,
    '  requirePossible(thing, act, context, it, input);\n',
    '',
    'src/core/tickets',
  ),
  mutant(
    'what was said is drawn again with each answer',
    'src/bots/announce.ts',
    " and view ->> 'target' <> all(${lasting}))",
    ' and cardinality(${lasting}::text[]) >= 0)',
    'src/bots/deliver.test.ts',
  ),
  mutant(
    'acts on one thing take all turns of their firm',
    'src/core/kernel/db.ts',
    'return request && about ?',
    'return request && about && about.entity.length > 99 ?',
    'src/testing/outage.test.ts',
  ),
  mutant(
    'whoever posts a code connects a server, though they may not manage it',
    'src/bots/claim.ts',
    'if (who.manages === false)',
    'if (false as boolean)',
    claiming,
    'src/bots/discord/install.test.ts',
  ),
  mutant(
    'a posted code connects again and again',
    'src/core/connections/claim-account.ts',
    'if (!used?.up) throw',
    'if (false as boolean) throw',
    claiming,
  ),
  mutant(
    'a posted code counts for ever',
    OWNERSHIP,
    'and c.code_hash = p_hash and c.expires_at > p_at having',
    'and c.code_hash = p_hash having',
    claiming,
  ),
  mutant(
    'posted codes may be tried without end',
    OWNERSHIP,
    "w.at > p_at - interval '1 hour') >= 10 then",
    "w.at > p_at - interval '1 hour') >= 1000000 then",
    claiming,
  ),
  mutant(
    'a tool’s answer is taken in any browser',
    'src/core/kernel/connect-browser.ts',
    'return secrets.verify(PURPOSE, textOf(way), cookieOf(request, nameOf(way)));',
    'return Boolean(secrets && request && way);',
    'src/bots/discord/install.test.ts',
  ),
  mutant(
    'an issue that was deleted is looked at for what was missed',
    'src/integrations/jira/pull.ts',
    'if (!link || link.fingerprint === GONE) continue;',
    'if (!link) continue;',
    'src/integrations/jira/pull.test.ts',
  ),
  mutant(
    'a reconnected account becomes another one',
    'src/portal/connect.ts',
    'if (connection) await requireSame({ app }, reader, tool, proof, connection);',
    '',
    connecting,
  ),
  mutant(
    'passwords may be tried on the pages without end',
    'src/portal/connect.ts',
    'if (!portal.rate.allowsTrying(person.tenantId, app.clock.now().getTime()))',
    'if (false as boolean)',
    connecting,
  ),
  mutant(
    'whoever is signed in by mail counts as a link alone does',
    'src/core/kernel/actor.ts',
    "|| (channel === 'portal' && assured('chat', least))",
    '',
    signIn,
  ),
  mutant(
    'that an account is not there is believed for a while',
    'src/core/kernel/accounts.ts',
    "found?.status === 'active' || forget()",
    'found',
    accounts,
  ),
  mutant(
    'buttons lead to what their reader may not read',
    'src/core/kernel/registry.ts',
    'withoutSecrets(context, press, withoutUnreadable(app.registry, context.actor, card))',
    'withoutSecrets(context, press, card)',
    'src/testing/area-contract.test.ts',
  ),
];
