import replyParser from 'node-email-reply-parser';
import { LIMITS } from './limits.ts';

/** What somebody wrote, and what they quoted or signed with. Together they are the whole text: folded, never deleted. */
export interface Folded {
  body: string;
  quoted: string;
}

/**
 * Folds an answer: our marker says where our mail begins, the kept parser finds what else is quoted. Its expressions
 * can take very long over hostile text: call it where it can be stopped (see read-worker.ts).
 */
export function foldAnswer(text: string): Folded {
  return foldWith(partsByParser, text);
}

/** The same in time that grows with the text alone: the answer ends where the first quoted line or our marker stands. */
export function foldByLines(text: string): Folded {
  return foldWith((part) => {
    const at = part.search(/^[ \t]*(>|-----|_____|On .{1,200} wrote:$)/m);
    return at < 0 ? { body: part, quoted: '' } : { body: part.slice(0, at), quoted: part.slice(at) };
  }, text);
}

function foldWith(split: (text: string) => Folded, raw: string): Folded {
  const text = raw.replaceAll('\r\n', '\n');
  const marker = text.search(/^.{0,40}write your answer above this line/im);
  if (marker >= 0) {
    // A quoted line stands for what is cut off: "On Monday, Parley wrote:" is only told by what follows it.
    const above = split(`${text.slice(0, marker)}>`);
    const quoted = above.quoted.trimEnd().replace(/>$/, '');
    if (above.body.trim()) return trimmed({ body: above.body, quoted: `${quoted}\n${text.slice(marker)}` });
  }
  // Nothing above the marker: they wrote below the quote, or between its lines.
  const whole = split(text);
  return trimmed(whole.body.trim() ? whole : { body: text, quoted: '' });
}

function partsByParser(text: string): Folded {
  const fragments = replyParser(text.slice(0, LIMITS.foldCharacters)).getFragments();
  const joined = (hidden: boolean) =>
    fragments
      .filter((fragment) => fragment.isHidden() === hidden)
      .map((fragment) => fragment.getContent())
      .join('\n');
  return { body: joined(false), quoted: `${joined(true)}\n${text.slice(LIMITS.foldCharacters)}` };
}

function trimmed({ body, quoted }: Folded): Folded {
  return { body: body.trim(), quoted: quoted.replace(/^\n+/, '').trimEnd() };
}
