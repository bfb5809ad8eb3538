const INLINE =
  /\[(?<label>[^\]]+)\]\((?<url>https?:\/\/[^\s)]+)\)|\*\*(?<bold>[^*]+)\*\*|(?<![\w*])[*_](?<italic>[^*_]+)[*_](?![\w*])/g;

/**
 * The little Markdown that Adaptive Cards know, as HTML for their renderer. Everything is escaped first; only the marks
 * above become elements, and a backslash keeps its character as it is.
 */
export function cardMarkdown(text) {
  const kept = [];
  const hidden = text.replaceAll(/\\([\\`*_[\]~<>&#+\-.)])/g, (_all, character) => {
    kept.push(character);
    return `\uE000${kept.length - 1}\uE001`;
  });
  const html = escapeHtml(hidden).replaceAll(INLINE, (...match) => {
    const { label, url, bold, italic } = match.at(-1);
    if (label) return `<a href="${url}" target="_blank" rel="noopener">${label}</a>`;
    return bold ? `<b>${bold}</b>` : `<i>${italic}</i>`;
  });
  return html.replaceAll(/\uE000(\d+)\uE001/g, (_all, index) => escapeHtml(kept[Number(index)] ?? ''));
}

function escapeHtml(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
