/**
 * The library joins the lines of `format=flowed` without looking at who is quoted, so that an answer can end up on the last
 * line of its quote. It is told of plain lines instead, and they are joined here.
 */
export function withoutFlow(raw: Buffer): { bytes: Buffer; flowed: boolean } {
  const text = raw.toString('latin1');
  const fixed = text.replaceAll(/(;[ \t\r\n]{0,80}format=["']?)flowed/gi, '$1fixed ');
  return fixed === text ? { bytes: raw, flowed: false } : { bytes: Buffer.from(fixed, 'latin1'), flowed: true };
}

/** Joins soft line breaks (RFC 3676, section 4): a line goes on in the next when it ends in a blank and both are quoted alike. */
export function unflowed(text: string): string {
  const lines: string[] = [];
  /** The depth of the line that goes on in the next; null when none does. */
  let goesOn: number | null = null;
  let parts: string[] = [];
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const depth = line.startsWith('>') ? (/^>{0,100}/.exec(line)?.[0].length ?? 0) : 0;
    const content = line.slice(line.startsWith(' ', depth) ? depth + 1 : depth);
    if (goesOn === depth && content !== '-- ') parts.push(content);
    else {
      if (goesOn !== null) lines.push(parts.join(''));
      parts = [depth ? `${'>'.repeat(depth)} ${content}` : content];
    }
    goesOn = content.endsWith(' ') && content !== '-- ' ? depth : null;
    if (goesOn === null) lines.push(parts.join(''));
  }
  if (goesOn !== null) lines.push(parts.join(''));
  return lines.join('\n');
}
