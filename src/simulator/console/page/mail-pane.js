import { act } from './connection.js';
import { clockTime, h } from './dom.js';
import { composer, paneFrame, personaSwitcher } from './pane.js';
import { rovingList } from './roving.js';

/** Where the browser keeps which mails were read. */
const READ = 'parley.read';

/** A mailbox: the list, the chosen mail (its HTML part in a frame that can run nothing), and a box to answer it. */
export function mailPane(config) {
  const { element, body, switcher, retitle, showStep } = paneFrame(config);
  const list = h('ul', { class: 'ml-list scroll', aria: { label: 'Mails' } });
  const reading = h('div', { class: 'ml-reading' });
  rovingList(list, '.ml-row', 'first');
  body.append(list, reading);
  let mails = [];
  let persona = null;
  let chosen = null;
  let now = Date.now();
  const seen = new Set(JSON.parse(localStorage.getItem(READ) ?? '[]'));

  function drawRow(mail) {
    const unread = mail.direction === 'in' && !seen.has(mail.id);
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: `ml-row${unread ? ' ml-unread' : ''}`,
          data: { key: mail.id },
          aria: { current: String(mail.id === chosen) },
          on: { click: () => read(mail) },
        },
        h('span', { class: 'ml-who' }, mail.direction === 'out' ? 'You' : mail.fromName),
        h('time', {}, clockTime(mail.at, now)),
        h('span', { class: 'ml-subject' }, unread && h('span', { class: 'hidden' }, 'Unread: '), mail.subject),
      ),
    );
  }

  function read(mail) {
    chosen = mail?.id ?? null;
    if (!mail) return reading.replaceChildren(h('p', { class: 'empty' }, 'No mail yet.'));
    seen.add(mail.id);
    localStorage.setItem(READ, JSON.stringify([...seen].slice(-300)));
    const answer = composer({
      label: 'Reply to this mail',
      placeholder: 'Reply… (words like APPROVE work too)',
      send: (text) => act('mail-reply', { mailbox: persona.id, mailId: mail.id, text }),
    });
    reading.replaceChildren(
      h('h4', { class: 'hidden' }, `${mail.subject}, from ${mail.fromName} to ${mail.to}`),
      mail.html ? frameOf(mail) : h('pre', { class: 'ml-text scroll' }, mail.text),
      ...(mail.direction === 'in' ? [h('div', { class: 'ml-foot' }, answer.element)] : []),
    );
    update();
    return undefined;
  }

  function update() {
    const key = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    list.replaceChildren(...mails.map(drawRow));
    if (key) list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  function refresh(all) {
    const before = mails.length;
    mails = all.filter((mail) => mail.mailbox === persona.id).toReversed();
    const newest = mails[0];
    // A mail that comes in opens by itself, unless somebody is just writing an answer.
    const writing = [...reading.querySelectorAll('textarea')].some((area) => area.value);
    const isNew = mails.length > before && newest.direction === 'in';
    if (isNew && !writing) read(newest);
    else if (!mails.some(({ id }) => id === chosen)) read(mails.find(({ direction }) => direction === 'in') ?? newest);
    update();
    if (mails.length > before && before > 0) list.querySelector('.ml-row')?.classList.add('changed');
  }

  let latest = null;
  const { actAs } = personaSwitcher(config.id, switcher, config.personas, (person) => {
    persona = person;
    chosen = null;
    mails = [];
    retitle(person.id, config.subtitle);
    if (latest) refresh(latest);
  });
  return {
    element,
    showStep,
    actAs,
    parts: {
      mail: (value) => {
        latest = value;
        refresh(value);
      },
      clock: (value) => {
        now = Date.now() + value.offset;
      },
    },
  };
}

/** The frame runs no scripts (its policy and its sandbox say so); its links open a new tab. */
function frameOf(mail) {
  return h('iframe', {
    class: 'ml-frame',
    title: `Mail: ${mail.subject}`,
    src: `/mail/${encodeURIComponent(mail.id)}`,
    sandbox: 'allow-popups allow-popups-to-escape-sandbox',
  });
}
