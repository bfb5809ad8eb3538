import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const ANSWER = 'src/core/kernel/answer.ts';
const INBOUND = 'src/bots/inbound.ts';
const DELIVER = 'src/bots/deliver.ts';
const RECEIVER = 'webhooks/receiver.ts';
const SIGNATURE = 'webhooks/signature.ts';
const SEAL = 'src/portal/seal.ts';
const EGRESS = 'src/core/kernel/egress.ts';
const egress = 'src/core/kernel/egress.test.ts';
const deliver = 'src/bots/deliver.test.ts';
const inbound = 'src/bots/inbound.test.ts';
const portal = 'src/portal/portal.test.ts';

/** Where something comes in or goes out. */
export const DOORS: readonly Mutant[] = [
  mutant(
    'a name may lead inside',
    EGRESS,
    'found.filter(({ address }) => isOpen(nameOf(hostname), address))',
    'found.filter(({ address }) => address && isOpen)',
    egress,
  ),
  mutant('an address is not judged', EGRESS, 'if (isIP(name) && !isOpen', 'if (!name && !isOpen', egress),
  mutant(
    'IPv6 may hold an address that is inside',
    EGRESS,
    "(family === 'ipv4' || global6.check(address, family))",
    "(family === 'ipv4' || global6)",
    egress,
  ),
  mutant(
    'this machine is reached by its own address',
    EGRESS,
    '!machine().includes(address)',
    '!machine().includes(`not ${address}`)',
    egress,
  ),
  mutant(
    'accounts of firms connect to anywhere',
    'src/bots/email/smtp.ts',
    '...(egress ? { getSocket: socketsBy(egress) } : {})',
    '...(egress ? {} : {})',
    'src/portal/connect.test.ts',
  ),
  mutant('typing overrides the press', ANSWER, '...shown, ...drawn]', '...drawn, ...shown]', inbound),
  {
    name: 'the sender is taken from the press',
    edits: [
      { file: ANSWER, from: '.filter(([name]) => !known.includes(name))', to: '.filter(() => known)' },
      {
        file: ANSWER,
        from: '{ ...Object.fromEntries([...empty, ...shown, ...drawn]), ...pressed.known }',
        to: '{ ...pressed.known, ...Object.fromEntries([...empty, ...shown, ...drawn]) }',
      },
    ],
    tests: [inbound],
  },
  mutant(
    'what a form does not show is taken from it',
    ANSWER,
    '.filter(([name]) => fields.includes(name))',
    '.filter(() => fields)',
    'src/testing/forms.test.ts',
  ),
  mutant(
    'words in triage go to the client',
    INBOUND,
    "const internal = audience === 'internal' || audience === 'triage';",
    "const internal = audience === 'internal';",
    inbound,
  ),
  mutant(
    'words belong to a card of any room',
    INBOUND,
    ' and r.channel = ${said.room.channel} and r.account = ${said.room.account} and r.address = ${said.room.address}))\n      limit 1`;\n      return card;',
    '))\n      limit 1`;\n      return card;',
    inbound,
  ),
  mutant(
    'the doer’s own mailbox is told',
    'src/core/notices/tell.ts',
    'isOwnAct: event.actor.personId === hearer.person && !fact.tellsDoer,',
    'isOwnAct: false,',
    'src/core/notices',
  ),
  mutant('a card that looks the same is sent again', DELIVER, 'if (hash !== due.render_hash)', 'if (hash)', deliver),
  mutant(
    'a room that cannot be written to is written to again',
    'src/bots/announce.ts',
    "case when f.id is null then 'sending' else 'undeliverable' end",
    "case when f.id is null then 'sending' else 'sending' end",
    deliver,
  ),
  mutant(
    'an unsigned webhook is taken',
    RECEIVER,
    'if (!(await connector.webhook.verify(body, headers, checks))) {',
    'if (false as boolean) {',
    'webhooks',
  ),
  mutant(
    'a webhook for another account is taken',
    RECEIVER,
    "if (!account || !(await isKnown(accounts, account))) return answer(response, 404, 'not connected');",
    "if (!account) return answer(response, 404, 'not connected');",
    'webhooks',
  ),
  mutant(
    'what could not be stored is acknowledged',
    RECEIVER,
    "a webhook could not be stored');\n    response.setHeader('retry-after', String(RETRY_AFTER_SECONDS));\n    answer(response, 503, 'not stored');",
    "a webhook could not be stored');\n    answer(response, 200, 'stored');",
    'webhooks',
  ),
  mutant('a webhook’s own keys are kept', RECEIVER, ' && !/token|secret|key|auth|cookie/.test(name)', '', 'webhooks'),
  mutant('an id of any length is taken from a webhook', RECEIVER, ' && text.length <= 200', '', 'webhooks'),
  mutant(
    'a signed time is believed for ever',
    SIGNATURE,
    'return Math.abs(now.getTime() / 1000 - seconds) <= WINDOW_SECONDS;',
    'return Number.isFinite(seconds);',
    'webhooks',
  ),
  mutant(
    'a signed time from the future is believed',
    SIGNATURE,
    'Math.abs(now.getTime() / 1000 - seconds)',
    '(now.getTime() / 1000 - seconds)',
    'webhooks',
  ),
  mutant('the previous secret counts no more', SIGNATURE, '.filter(Boolean)', '.slice(0, 1)', 'webhooks'),
  mutant(
    'a page’s form is taken from another browser',
    SEAL,
    'if (!visit || !secrets.verify(',
    'if (!visit && !secrets.verify(',
    portal,
  ),
  mutant(
    'a form may be sent from another site',
    SEAL,
    "if (from !== 'null' && from !== origin) return false;",
    '',
    portal,
  ),
  mutant(
    'a browser’s word on the other site is not heard',
    SEAL,
    "return site === undefined || site === 'same-origin';",
    'return true;',
    portal,
  ),
  mutant(
    'boxes of which none is ticked are a form that was never sent',
    'src/portal/render.ts',
    '<input type="hidden" name="${name}" value="">',
    '',
    'src/portal/boxes.test.ts',
  ),
  mutant('a page may be framed', 'src/portal/page.ts', "'X-Frame-Options': 'DENY',", '', portal),
  mutant('a page is kept by browsers', 'src/portal/page.ts', "'Cache-Control': 'no-store',", '', portal),
  mutant(
    'text is put into a page as it is',
    'src/core/kernel/html.ts',
    'return asHtml(String(part));',
    'return String(part);',
    portal,
  ),
  mutant(
    'a link acts when it is looked at',
    'src/portal/link-pages.ts',
    "web.get('/l/:token', (request, response) => get(portal, request, response));",
    "web.get('/l/:token', (request, response) => post(portal, request, response));",
    portal,
  ),
];
