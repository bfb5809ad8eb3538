import type { Response } from 'express';
import type { Beginning } from './connect-link.ts';
import { readBeginning } from './connect-link.ts';
import { withActor } from './context.ts';
import type { App } from './registry.ts';
import { asHtml } from './text.ts';

/** Why nothing comes of a link with which an administrator adds Parley to an account. */
export const EXPIRED =
  'This link is not valid any more. It is good for ten minutes and for one account: ask Parley for a new one with “connections”.';
export const FOREIGN = 'This did not begin in this browser, so nothing was connected. Begin again with “connections”.';

/** Who began, by the link that was shown to them; null when it is not ours or too old. */
export function beginningIn(app: App, signed: string, tool: string): Beginning | null {
  return readBeginning(app.secrets, signed, tool, app.clock.now());
}

/** The firm of whoever began. */
export async function firmName(app: App, { tenantId }: Beginning): Promise<string> {
  const who = { kind: 'system', tenantId, reason: 'naming the firm' } as const;
  const [firm] = await withActor(
    app,
    who,
    ({ sql }) => sql<{ name: string }>`select name from firm where id = ${tenantId}`,
  );
  return firm?.name ?? 'your firm';
}

interface ConnectPage {
  title: string;
  text: string;
  button?: { label: string; href: string };
  /** One of a list is to be chosen; where it is posted to, and what is posted with it. */
  choice?: Choice;
}

/** A question with the answers that there are. */
export interface Choice {
  action: string;
  hidden: Readonly<Record<string, string>>;
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
  /** The value that is chosen until somebody chooses another. */
  chosen?: string;
  submit: string;
}

export function refuse(response: Response, text: string): void {
  show(response, 403, { title: 'Nothing was connected', text });
}

/** A page of a few words: what is to be connected, or what became of it. Nothing is loaded, nothing runs. */
export function show(response: Response, status: number, page: ConnectPage): void {
  response
    .status(status)
    .set({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .send(written(page));
}

function written({ title, text, button, choice }: ConnectPage): string {
  const link = button ? `<p><a href="${asHtml(button.href)}">${asHtml(button.label)}</a></p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${asHtml(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}select,button{font:inherit;padding:.4rem;max-width:100%}</style>
</head>
<body>
<main>
<h1>${asHtml(title)}</h1>
<p>${asHtml(text)}</p>
${link}${choice ? formOf(choice) : ''}
</main>
</body>
</html>
`;
}

function formOf({ action, hidden, name, label, options, chosen, submit }: Choice): string {
  const kept = Object.entries(hidden).map(
    ([key, value]) => `<input type="hidden" name="${asHtml(key)}" value="${asHtml(value)}">`,
  );
  const all = options.map(
    (one) =>
      `<option value="${asHtml(one.value)}"${one.value === chosen ? ' selected' : ''}>${asHtml(one.label)}</option>`,
  );
  return `<form method="post" action="${asHtml(action)}">
${kept.join('\n')}
<p><label for="choice">${asHtml(label)}</label><br><select id="choice" name="${asHtml(name)}" required>${all.join('')}</select></p>
<p><button type="submit">${asHtml(submit)}</button></p>
</form>`;
}
