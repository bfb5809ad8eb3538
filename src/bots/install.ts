import type { Response } from 'express';
import type { Beginning } from '../core/kernel/connect-link.ts';
import { readBeginning } from '../core/kernel/connect-link.ts';
import { withActor } from '../core/kernel/context.ts';
import type { App } from '../core/kernel/registry.ts';
import { asHtml } from '../core/kernel/text.ts';

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

interface InstallPage {
  title: string;
  text: string;
  button?: { label: string; href: string };
}

export function refuse(response: Response, text: string): void {
  show(response, 403, { title: 'Nothing was connected', text });
}

/** A page of a few words: what is to be connected, or what became of it. Nothing is loaded, nothing runs. */
export function show(response: Response, status: number, page: InstallPage): void {
  response
    .status(status)
    .set({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .send(written(page));
}

function written({ title, text, button }: InstallPage): string {
  const link = button ? `<p><a href="${asHtml(button.href)}">${asHtml(button.label)}</a></p>` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${asHtml(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
</head>
<body>
<main>
<h1>${asHtml(title)}</h1>
<p>${asHtml(text)}</p>
${link}
</main>
</body>
</html>
`;
}
