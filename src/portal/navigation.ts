import type { Press } from '../core/kernel/card.ts';
import { encodePress } from '../core/kernel/card.ts';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import type { MenuItem } from '../core/kernel/registry.ts';
import { isOffered } from '../core/kernel/registry.ts';
import type { Reader } from './link.ts';
import type { Portal } from './portal.ts';
import type { Pressing } from './render.ts';

/** What the portal itself does with a press; no area knows it. */
export const SIGN_OUT: Press = { target: 'portal.sign-out', input: {} };

/** The head of a page of somebody who is signed in: home, everything else by area, who they are, the way out. */
export function navigationHtml({ app, base }: Portal, reader: Reader, pressing: Pressing): Html {
  const pages = html`<a href="${base}${reader.path}">Home</a>
<details class="menu"><summary>Menu</summary><nav aria-label="All pages">${menuHtml({ app, base }, reader)}</nav></details>`;
  if (reader.look) return html`<div class="bar">${pages}<span>${reader.person.name}</span></div>`;
  const sessions: Press = { target: 'session.list', input: { current: reader.session ?? '' } };
  return html`<div class="bar">
${pages}
<a href="${base}/app/${encodePress(sessions)}">${reader.person.name}</a>
${pressing.form(SIGN_OUT, html`<button class="button small">Sign out</button>`)}
</div>`;
}

/** What this person can begin with, by area. */
export function menuHtml({ app, base }: Pick<Portal, 'app' | 'base'>, reader: Reader): Html {
  const groups = app.registry.areas.map(({ name, menu = [] }) => ({
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    items: menu.filter((item) => isFor(item, reader)),
  }));
  const shown = groups.filter(({ items }) => items.length);
  return html`<div class="groups">${shown.map(
    ({ name, items }) =>
      html`<div><p class="area">${name}</p><ul>${items.map(({ label, press }) => html`<li><a href="${base}${reader.path}/${encodePress(press)}">${label}</a></li>`)}</ul></div>`,
  )}</div>`;

  function isFor({ press, who }: MenuItem, { person }: Reader): boolean {
    return isOffered(app.registry, person, press) && (who?.(person) ?? true);
  }
}
