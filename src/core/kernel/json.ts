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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SQUARE = 0x5b;
const CURLY = 0x7b;
