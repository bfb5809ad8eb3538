import { describe, expect, test } from '@jest/globals';
import { checks } from '../../webhooks/signature.ts';
import { cardOfMessageId, isOurMessageId, readTag } from '../bots/email/address.ts';
import { alignmentOf } from '../bots/email/alignment.ts';
import { automaticBecause, bounceOf, isReport, seemsAutomaticBecause } from '../bots/email/automatic.ts';
import { unflowed, withoutFlow } from '../bots/email/flowed.ts';
import { answeredIds, messageIdOf, readHeaders, recipientsOf, senderOf } from '../bots/email/headers.ts';
import { quotedOf, bodyOf as saidIn } from '../bots/email/said.ts';
import { firstWord } from '../bots/email/words.ts';
import { withoutSecrets } from '../bots/redact.ts';
import { keep as keepSlack } from '../bots/slack/kept.ts';
import { parseRequest } from '../bots/slack/parse.ts';
import { bodyOf as slackBody } from '../bots/slack/receiver.ts';
import { isSigned } from '../bots/slack/signature.ts';
import { escaped, heading, labelled, pieces, plain, unescaped } from '../bots/slack/text.ts';
import { metadataOf } from '../bots/slack/where.ts';
import { isFromTeams } from '../bots/teams/authentication.ts';
import { refuseInvoke } from '../bots/teams/invokes.ts';
import type { Kept } from '../bots/teams/kept.ts';
import { keep as keepTeams } from '../bots/teams/kept.ts';
import { parseActivity } from '../bots/teams/parse.ts';
import { cut, escapeMarkdown, richText } from '../bots/teams/text.ts';
import { areas } from '../core/areas.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { readJson } from '../core/kernel/json.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { secretsFrom } from '../core/kernel/secrets.ts';
import { adfOf, textOf } from '../integrations/jira/adf.ts';
import { addressed, isOurs, ticketOfLabels } from '../integrations/jira/map.ts';
import { deliveryOf, readPayload } from '../integrations/jira/payload.ts';
import { computed } from './computing.ts';

/*
 * Everything that reads foreign text, each with a megabyte of what is worst for a parser: it gives a value or refuses, and
 * does so at once. What the hub's own workers take apart in a thread that can be ended (HTML, MIME) is in the tests of mail.
 */
const SIZE = 1_000_000;
/** Milliseconds; the best of three, since other work may run on this machine. */
const AT_ONCE = 1_000;

const filled = (piece: string, size = SIZE) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
const nested = (open: string, close: string, depth: number, inner = '') =>
  open.repeat(depth) + inner + close.repeat(depth);
const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at])));

/** One character or a few, over and over: what is ambiguous in one pattern or another. */
const RUNS = [
  ...[
    'a',
    'a.',
    'a@',
    '<',
    '<a',
    '<a@b>,',
    '>',
    '"',
    "'",
    '\\',
    '(',
    '()',
    '[',
    '{',
    ',',
    ';',
    ':',
    '::',
    ':a',
    '.',
    '-',
  ],
  ...[
    '_',
    '*',
    '`',
    '=',
    '&',
    '&amp;',
    '&lt;',
    '%',
    '%e0',
    '~',
    '?',
    '/',
    '://',
    'a://',
    'http://',
    'http://a/l/',
    '+',
  ],
  ...[' ', '\t', '\n', '\r', '\r\n', '\n ', ' \n', '\n\t-', '> ', '> \n', 'status: ', 'action: ', 'To: a', '@client '],
  ...['\ud800', '\udc00', '😀', '\0', '\u202e', '\u0301', '{{', 'xoxb-', ' x=', '; format=', 'a-', 'A=', '0', '{"a":'],
];

type Input = readonly [name: string, text: string];
function inputsOf(size: number): readonly Input[] {
  const share = size / SIZE;
  const list = (one: unknown) => JSON.stringify(Array.from({ length: 300_000 * share }, () => one));
  return [
    ...RUNS.map((piece) => [JSON.stringify(piece), filled(piece, size)] as const),
    ['arrays in each other', nested('[', ']', 400_000 * share)],
    ['objects in each other', nested('{"a":', '}', 150_000 * share, '0')],
    ['an object of many keys', keys(80_000 * share)],
    ['a list of noughts', list(0)],
    ['a list of objects', list({})],
    ['a text', JSON.stringify(filled('a', size - 2))],
  ];
}

const INPUTS = inputsOf(SIZE);
/** What their routes take, no more. */
const OF_TEAMS = inputsOf(256_000);
const OF_SLACK = inputsOf(500_000);
const secrets = secretsFrom(['a secret for the worst input, and long enough']);
const words = { APPROVE: 'cycle.approve?cycle=1' };
const REPLY_TO = 'reply@northwind.example';

/** A piece of JSON with a text, or another piece of JSON, at every place that is read. */
const asValue = (text: string) => (text.startsWith('[') || text.startsWith('{') ? (readJson(text) ?? text) : text);

type Parser = readonly [name: string, parse: (text: string) => unknown];
const header = (name: string, text: string) => readHeaders(Buffer.from(`${name}: ${text}\r\n\r\n`));

const MAIL: readonly Parser[] = [
  ['the header of a mail', (text) => readHeaders(Buffer.from(text))],
  ['a header field', (text) => header('X', text)],
  ['the addresses it is for', (text) => recipientsOf(header('To', text))],
  ['the address it is from', (text) => senderOf(header('From', text))],
  ['its Message-ID', (text) => messageIdOf(header('Message-ID', text))],
  ['the mails that it answers', (text) => answeredIds(header('References', text))],
  ['its Authentication-Results', (text) => alignmentOf(header('Authentication-Results', text), 'a@b.example', 'mx')],
  ['whether a machine wrote it', (text) => automaticBecause(header('Auto-Submitted', text))],
  ['whether it seems so', (text) => seemsAutomaticBecause(header('X-Auto-Response-Suppress', text), text)],
  ['whether it is a bounce', (text) => isReport(header('Content-Type', text))],
  ['a bounce', (text) => bounceOf(text)],
  ['a tagged address', (text) => readTag(secrets, REPLY_TO, text)],
  ['a tag', (text) => readTag(secrets, REPLY_TO, `reply+${text}@northwind.example`)],
  ['a Message-ID of ours', (text) => [cardOfMessageId(REPLY_TO, text), isOurMessageId(REPLY_TO, `<card.${text}`)]],
  ['the first word', (text) => [firstWord(text, words, () => true), firstWord(`APPROVE ${text}`, words, () => true)]],
  ['flowed lines', (text) => [unflowed(text), withoutFlow(Buffer.from(text))]],
  ['what was said and quoted', (text) => [saidIn(text), quotedOf(text)]],
];

const spoken = buildRegistry(areas).words;
const id = 'T1';
const person = { id: 'U1', team_id: id };
const SLACK: readonly Parser[] = [
  ['a body of JSON', (text) => worked(slackBody(text, 'application/json'))],
  ['a body of a form', (text) => worked(slackBody(text, 'application/x-www-form-urlencoded'))],
  ['a payload', (text) => worked(slackBody(`payload=${encoded(text)}`, 'application/x-www-form-urlencoded'))],
  ['a command', (text) => parseRequest({ ...command, text }, id, spoken)],
  ['the title of a command', (text) => parseRequest({ ...command, text: `bug ${text}` }, id, spoken)],
  [
    'a button',
    (text) => parseRequest({ ...button, actions: [{ action_id: 'a', action_ts: '1', value: text }] }, id, spoken),
  ],
  ['a person', (text) => parseRequest({ ...button, user: { id: text, team_id: text, name: text } }, id, spoken)],
  ['what was typed', (text) => parseRequest({ ...submission, view: { ...view, state: asValue(text) } }, id, spoken)],
  ['metadata', (text) => metadataOf(text)],
  ['an event', (text) => keepSlack({ type: 'event_callback', event: { type: 'message', ts: '1', text } }, id)],
  ['a signature', (text) => isSigned('secret', Buffer.from(text), { timestamp: text, signature: text }, 0)],
  ['plain text', (text) => [plain(text, 3_000), unescaped(text), escaped(text)]],
  ['a labelled text', (text) => [labelled('Label', ': ', text, 2_000), labelled(text, ': ', 'text', 2_000)]],
  ['a heading', (text) => heading(text, 150)],
  ['pieces of a text', (text) => pieces(text, 3_000)],
];
const command = {
  ...{ command: '/parley', user_id: 'U1', team_id: id, channel_id: 'C1' },
  ...{ response_url: 'https://hooks.slack.com/x', trigger_id: '1' },
};
const button = {
  type: 'block_actions',
  user: person,
  team: { id },
  container: {},
  trigger_id: '1',
  actions: [{ action_id: 'a', action_ts: '1' }],
};
const view = { id: 'V1', private_metadata: '', blocks: [] };
const submission = { type: 'view_submission', user: person, team: { id }, view };

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** As the receiver goes on with what it could read. */
function worked(body: Record<string, unknown> | null): unknown {
  return body && [parseRequest(body, id, spoken), keepSlack(body, id), withoutSecrets(body)];
}

/** An activity is at most as long as its route takes it. */
const activity = (more: object) => ({
  ...{ type: 'message', id: '1', serviceUrl: 'https://smba.example/', channelId: 'msteams', from: { id: 'U1' } },
  ...{ recipient: { id: 'bot' }, conversation: { id: '19:a@thread.tacv2', tenantId: 'tenant' }, ...more },
});
const mention = (text: string) => ({ type: 'mention', text, mentioned: { id: 'bot' } });
const read = (raw: object) => {
  const parsed = parseActivity(raw, 'tenant');
  return parsed.kind === 'press' || parsed.kind === 'show' ? parsed : keepTeams(parsed as Kept, 'tenant', raw);
};
const TEAMS: readonly Parser[] = [
  ['an activity', (text) => read(activity({ channelData: asValue(text), from: asValue(text) }))],
  ['an id', (text) => read(activity({ id: text, conversation: { id: `19:${text};messageid=${text}` } }))],
  ['words', (text) => read(activity({ text, entities: [mention('<at>Parley</at>')] }))],
  ['a mention', (text) => read(activity({ text: `${text} hello`, entities: [mention(text)] }))],
  ['many mentions', (text) => read(activity({ text, entities: Array.from({ length: 3_000 }, () => mention('')) }))],
  [
    'as many different ones',
    (text) => read(activity({ text, entities: Array.from({ length: 3_000 }, (_, at) => mention(`<${at}>`)) })),
  ],
  ['attachments', (text) => read(activity({ attachments: [{ contentType: text, name: text }] }))],
  [
    'lists',
    (text) => read(activity({ entities: asValue(text), attachments: asValue(text), membersAdded: asValue(text) })),
  ],
  ['an invoke', (text) => read(activity({ type: 'invoke', name: text, value: asValue(text) }))],
  [
    'a press',
    (text) =>
      read(
        activity({
          type: 'invoke',
          name: 'adaptiveCard/action',
          value: { action: { verb: 'press', data: { press: text } } },
        }),
      ),
  ],
  [
    'fields',
    (text) =>
      read(
        activity({
          type: 'invoke',
          name: 'adaptiveCard/action',
          value: { action: { verb: 'press', data: asValue(text) } },
        }),
      ),
  ],
  ['a refused invoke', (text) => refuseInvoke(text, asValue(text))],
  ['who signed', (text) => isFromTeams({} as never, activity({}), `Bearer ${text}`)],
  [
    'who signed, in JSON',
    (text) => isFromTeams({} as never, activity({}), `Bearer a.${Buffer.from(text).toString('base64url')}.a`),
  ],
  ['text for a card', (text) => [cut(text, 300), richText(cut(text, 3_000)), escapeMarkdown(text)]],
];

const issue = { id: '1', key: 'A-1' };
const adf = (node: object) => textOf({ type: 'doc', content: [node] });
const nodes = (open: string, depth: number, inner: string) => textOf(readJson(nested(open, ']}', depth, inner)));
const JIRA: readonly Parser[] = [
  ['a webhook', (text) => webhook(text)],
  [
    'a comment',
    (text) =>
      webhook(JSON.stringify({ webhookEvent: 'comment_created', issue, comment: { id: '1', body: asValue(text) } })),
  ],
  ['names', (text) => webhook(JSON.stringify({ webhookEvent: text, issue }))],
  ['labels', (text) => ticketOfLabels([text, `parley-${text}`, ...Array.from({ length: 100_000 }, () => 'parley-')])],
  ['a text', (text) => [textOf(text), adfOf(text), isOurs(text), addressed(text), addressed(`@client ${text}`)]],
  ['a document', (text) => [textOf(asValue(text)), adf({ type: 'paragraph', content: asValue(text) })]],
  ['a node', (text) => [adf({ type: 'text', text: asValue(text), marks: asValue(text), attrs: asValue(text) })]],
  ['a date', (text) => adf({ type: 'date', attrs: { timestamp: text } })],
  ['a status', (text) => adf({ type: 'status', attrs: { text: asValue(text), url: asValue(text) } })],
  [
    'deep quotes',
    (text) =>
      nodes('{"type":"blockquote","content":[', 20_000, JSON.stringify({ type: 'text', text: text.slice(0, 300_000) })),
  ],
  ['deep lists', (text) => nodes('{"type":"bulletList","content":[', 60, JSON.stringify({ type: 'text', text }))],
  ['a signature', (text) => [checks.hmac(text, text, ['secret']), checks.fresh(Number(text), new Date())]],
];

function webhook(text: string): unknown {
  const raw = Buffer.from(text);
  const payload = readPayload(raw);
  const body = payload?.webhookEvent === 'comment_created' ? textOf(payload.comment.body) : null;
  return payload && [deliveryOf(payload, raw), body];
}

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError;
}

/** Milliseconds of the quickest of three runs; one that is quick, or slow beyond doubt, is not repeated. */
async function quickest(parse: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run += 1) {
    const started = computed();
    await parse();
    best = Math.min(best, computed() - started);
    if (best < AT_ONCE || best > 20 * AT_ONCE) break;
  }
  return best;
}

async function faultsOf(parse: (text: string) => unknown, inputs: readonly Input[]) {
  const faults: string[] = [];
  for (const [name, text] of inputs) {
    const once = async () => {
      try {
        await parse(text);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    };
    try {
      const took = await quickest(once);
      if (took > AT_ONCE) faults.push(`${name} takes ${Math.round(took)} ms`);
    } catch (error) {
      faults.push(`${name} throws ${String(error).slice(0, 200)}`);
    }
  }
  return faults;
}

const SOURCES = {
  mail: MAIL,
  Slack: SLACK,
  Teams: TEAMS,
  Jira: JIRA,
};
describe.each(Object.entries(SOURCES))('of %s', (source, parsers) => {
  test.each(parsers)(
    '%s is read or refused at once, whatever it is',
    async (_name, parse) => {
      expect(await faultsOf(parse, source === 'Teams' ? OF_TEAMS : source === 'Slack' ? OF_SLACK : INPUTS)).toEqual([]);
    },
    120_000,
  );
});
