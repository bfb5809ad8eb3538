import { asHtml } from '../../core/kernel/text.ts';

/** A page of a few words: what is to be connected, or what became of it. Nothing is loaded, nothing runs. */
export function installPage(page: { title: string; text: string; button?: { label: string; href: string } }): string {
  const { title, text, button } = page;
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
