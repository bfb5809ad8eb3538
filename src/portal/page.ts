import type { Response } from 'express';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';

/** What a page shows between its head and its foot. */
export interface Page {
  status: number;
  /** The browser's title. */
  title: string;
  /** The firm's name; null when it is not known whose page this is. */
  firm: string | null;
  /** The ways to other pages, for whoever is signed in. */
  navigation?: Html;
  main: Html;
}

/** Nothing but our own style sheet is loaded, nothing runs, nobody frames the page, forms come back to us alone. */
const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Headers of everything the portal answers: the address of a page is a key, so it is neither kept nor passed on. */
export function secureHeaders(response: Response): void {
  response.set({
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
}

/** @param base the path under which the portal is reached: '' or /something */
export function sendPage(response: Response, base: string, page: Page): void {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title}${page.firm ? ` – ${page.firm}` : null}</title>
<link rel="stylesheet" href="${base}/portal.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><p class="firm">${page.firm ?? 'Parley'}</p>${page.navigation}</header>
<main id="main" tabindex="-1">${page.main}</main>
<footer><p>${page.navigation ? null : 'Sent with '}<span class="wordmark">Parley</span></p></footer>
</body>
</html>
`;
  response.status(page.status).type('html').send(document.html);
}

/**
 * A sentence at the top of a page that says what happened; `alert` is read out at once.
 * @param isAll true where the page shows nothing else: its heading is the page's then
 */
export function noticeHtml(
  kind: 'good' | 'attention' | 'danger',
  heading: string,
  lines: readonly string[],
  isAll = false,
): Html {
  return html`<section class="notice ${kind}" role="${kind === 'good' ? 'status' : 'alert'}">
${isAll ? html`<h1>${heading}</h1>` : html`<h2>${heading}</h2>`}
${lines.length > 1 ? html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>` : lines.map((line) => html`<p>${line}</p>`)}
</section>`;
}
