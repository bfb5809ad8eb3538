/**
 * Makes an element. Children that are strings become text: nothing from outside can become markup here.
 * `on` holds listeners, `data` and `aria` their attributes; other keys are attributes, or properties for booleans.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'on') for (const [name, listener] of Object.entries(value)) element.addEventListener(name, listener);
    else if (key === 'data') Object.assign(element.dataset, value);
    else if (key === 'aria') for (const [name, one] of Object.entries(value)) element.setAttribute(`aria-${name}`, one);
    else if (value === true) element.setAttribute(key, '');
    else element.setAttribute(key, value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Line drawings of our own, 24 units wide, in the colour of the text around them. */
const ICONS = {
  slack: ['M9 4v16M15 4v16M4 9h16M4 15h16'],
  teams: ['M4 6h11v9H9l-5 4z', 'M18 9h2v9l-3-2.5h-4'],
  discord: ['M4 8a18 18 0 0 1 16 0v8l-4 3-2-2h-4l-2 2-4-3z', 'M9 12v1M15 12v1'],
  mail: ['M4 6h16v12H4z', 'M4 7l8 6 8-6'],
  jira: ['M12 3l9 9-9 9-9-9z', 'M12 9l3 3-3 3-3-3z'],
  send: ['M4 12l16-8-5 16-3.5-6.5z'],
  sun: [
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
    'M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4',
  ],
  moon: ['M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5z'],
  system: ['M4 5h16v11H4z', 'M9 20h6M12 16v4'],
  again: ['M5 12a7 7 0 1 1 2.3 5.2', 'M5 18v-4.5h4.5'],
  close: ['M6 6l12 12M18 6L6 18'],
  back: ['M14 6l-6 6 6 6'],
  lock: ['M7 11h10v8H7z', 'M9 11V8a3 3 0 0 1 6 0v3'],
  check: ['M5 12.5l4.5 4.5L19 7'],
  bug: ['M8 10a4 4 0 0 1 8 0v5a4 4 0 0 1-8 0z', 'M4 12h4M16 12h4M5 6l3 3M19 6l-3 3M5 19l3-3M19 19l-3-3'],
  change: ['M5 19h4L19 9l-4-4L5 15z'],
};

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  }))
    svg.setAttribute(key, value);
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

/** A person's initials on a colour of their own; the bot has Parley's mark. */
export function portrait(name, isBot = false) {
  if (isBot)
    return h('span', { class: 'portrait bot', aria: { hidden: 'true' } }, h('img', { src: '/mark.svg', alt: '' }));
  const initials = name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('');
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 7;
  return h('span', { class: 'portrait', data: { hue: String(hue) }, aria: { hidden: 'true' } }, initials.toUpperCase());
}

/** The time of day as the reader's place writes it; with the day when it is not the same day as `now`. */
export function clockTime(at, now) {
  const date = new Date(at);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`;
}

/** Says something in passing, for everybody (it is read out too). */
export function toast(text) {
  const line = h('p', { class: 'toast' }, text);
  document.getElementById('toasts').append(line);
  setTimeout(() => line.remove(), 5_000);
}
