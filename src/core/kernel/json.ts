/** No tool nests deeper; what does is made to exhaust the stack of whoever walks through it. */
const MOST_DEPTH = 200;

/** Reads JSON that came from outside; undefined for what is none, or is nested deeper than anybody writes. */
export function readJson(text: string): unknown {
  if (isDeep(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** True when more brackets stand open than any tool leaves open; what stands in quotes opens nothing. */
export function isDeep(text: string): boolean {
  if (leftAfter(text, '[', leftAfter(text, '{', MOST_DEPTH)) >= 0) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted) at += code === BACKSLASH ? 1 : 0;
    else if (code === SQUARE || code === CURLY) depth += 1;
    // ] and } stand two places behind [ and {.
    else if (code === SQUARE + 2 || code === CURLY + 2) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

/** How many of `most` are left when each of a kind of bracket takes one; below 0 when there are too few. */
function leftAfter(text: string, bracket: string, most: number): number {
  let left = most;
  // Searched for and not read letter by letter: nearly all that comes holds few.
  for (let at = text.indexOf(bracket); at >= 0 && left >= 0; at = text.indexOf(bracket, at + 1)) left -= 1;
  return left;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SQUARE = 0x5b;
const CURLY = 0x7b;
