/** The attributes of an element, names in lower case. */
export type Attributes = Readonly<Record<string, string>>;

type Colour = readonly number[] | null;

export const WHITE: readonly number[] = [255, 255, 255];

/** Characters of a style or a style sheet that are looked at. */
const STYLE = 2_000;
const SHEET = 64_000;

/** True when nobody can see the element: by itself, its style, or a name that the mail's style sheet hides. */
export function isHidden(attributes: Attributes, unseen: ReadonlySet<string>): boolean {
  const { class: names = '', id = '', style = '' } = attributes;
  if ('hidden' in attributes || attributes.type === 'hidden') return true;
  if (hides(style)) return true;
  if (!unseen.size) return false;
  return (
    unseen.has(`#${id.toLowerCase()}`) ||
    names
      .slice(0, 500)
      .toLowerCase()
      .split(/\s+/)
      .some((one) => unseen.has(`.${one}`))
  );
}

/** The class names and ids that a mail's style sheets hide outside of media rules, with their `.` or `#`. */
export function hiddenNames(html: string): ReadonlySet<string> {
  const names = new Set<string>();
  const lower = html.toLowerCase();
  for (let at = lower.indexOf('<style'); at >= 0; at = lower.indexOf('<style', at + 6)) {
    const end = lower.indexOf('</style', at);
    const sheet = lower.slice(lower.indexOf('>', at) + 1, Math.min(end < 0 ? lower.length : end, at + SHEET));
    for (const rule of sheet.split('}')) {
      const [selectors = '', style, ...nested] = rule.split('{');
      if (style === undefined || nested.length || selectors.includes('@') || !hides(style)) continue;
      for (const selector of selectors.split(',')) {
        const name = selector.trim().replace(/^[a-z]{1,12}(?=[.#])/, '');
        if (/^[.#][\w-]{1,80}$/.test(name)) names.add(name);
      }
    }
    if (names.size > 500) break;
  }
  return names;
}

function hides(style: string): boolean {
  if (!style) return false;
  const of = propertiesOf(style);
  const is = (name: string, pattern: RegExp) => pattern.test(of.get(name) ?? '');
  return (
    is('display', /^none/) ||
    is('visibility', /^(hidden|collapse)/) ||
    is('mso-hide', /^all/) ||
    (is('opacity', /^0?(\.0\d*)?%?$/) && of.get('opacity') !== '' && of.has('opacity')) ||
    (is('font-size', /^[01]?(\.\d+)?(px|pt|em|rem|%|vw)?( |$)/) &&
      /^(0|0?\.\d|1(px|pt|%))/.test(of.get('font-size') ?? '') &&
      !/^0?\.[5-9]\d*r?em/.test(of.get('font-size') ?? '')) ||
    (is('overflow', /^hidden/) &&
      ['height', 'max-height', 'width', 'max-width'].some((name) => is(name, /^[01](px|pt)?( |$)/))) ||
    is('text-indent', /^-\d{3}/) ||
    (is('position', /^(absolute|fixed)/) &&
      ['left', 'top', 'right', 'margin-left'].some((name) => is(name, /^-\d{3}/))) ||
    is('color', /^(transparent|rgba\([^)]*,\s*0(\.0+)?\))/)
  );
}

/** The colour of an element's text (null when it is the reader's own) and what it stands on (null when that is a picture). */
export function coloursOf(attributes: Attributes, behind: Colour): { colour: Colour; background: Colour } {
  const { style = '', bgcolor, color } = attributes;
  if (!style && !bgcolor && !color) return { colour: null, background: behind };
  const of = propertiesOf(style);
  const painted = of.get('background-color') ?? of.get('background') ?? bgcolor;
  return {
    colour: colourOf(of.get('color') ?? color),
    background: painted === undefined ? behind : paintOf(painted, behind),
  };
}

function paintOf(painted: string, behind: Colour): Colour {
  if (/^(transparent|none|inherit|initial)/.test(painted)) return behind;
  return (
    painted
      .split(/\s+(?![^(]*\))/)
      .map(colourOf)
      .find(Boolean) ?? null
  );
}

function propertiesOf(style: string): Map<string, string> {
  const pairs = style
    .slice(0, STYLE)
    .toLowerCase()
    .split(';')
    .map((one): [string, string] => {
      const at = one.indexOf(':');
      return [
        one.slice(0, at).trim(),
        one
          .slice(at + 1)
          .replace('!important', '')
          .trim(),
      ];
    });
  return new Map(pairs.filter(([name]) => name !== ''));
}

const NAMES: Readonly<Record<string, readonly number[]>> = {
  white: WHITE,
  snow: [255, 250, 250],
  ivory: [255, 255, 240],
  ghostwhite: [248, 248, 255],
  whitesmoke: [245, 245, 245],
  floralwhite: [255, 250, 240],
  black: [0, 0, 0],
};

function colourOf(text: string | undefined): Colour {
  const plain = text?.trim().toLowerCase() ?? '';
  if (NAMES[plain]) return NAMES[plain];
  const [, short] = /^#?([0-9a-f]{3})$/.exec(plain) ?? [];
  const long = short
    ? [...short].map((digit) => digit + digit).join('')
    : /^#?([0-9a-f]{6})([0-9a-f]{2})?$/.exec(plain)?.[1];
  if (long) return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
  const [, rgb] = /^rgba?\(([\d\s.,%]{5,40})\)/.exec(plain) ?? [];
  return rgb
    ? rgb
        .split(/[\s,]+/)
        .slice(0, 3)
        .map(Number)
    : null;
}
