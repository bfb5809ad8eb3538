import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import { shows } from '../core/kernel/registry.ts';
import type { Reader } from './link.ts';
import type { Portal } from './portal.ts';
import type { Pressing } from './render.ts';

/** Above each page: that it is somebody else's, and the way back. */
export function lookBanner({ base }: Portal, { of, until }: NonNullable<Reader['look']>): Html {
  return html`<section class="notice attention" aria-label="Whose view this is">
<p>You see this as <strong>${of}</strong> sees it, until ${until}. Nothing can be done here, and each page that you open is on record.</p>
<p><a class="button small" href="${base}/app">Back to your own pages</a></p>
</section>`;
}

/** What shows something opens it; everything else stands there as it does for them, and cannot be pressed. */
export function lookForm({ app, base }: Portal, { path }: Reader): Pressing['form'] {
  return ({ target, input }, content, sends) => {
    if (sends || !shows(app.registry, { target, input }))
      return html`<fieldset class="looked" disabled>${content}</fieldset>`;
    const inputs = Object.entries(input).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    );
    return html`<form method="get" action="${base}${path}/${target}">${inputs}${content}</form>`;
  };
}
