/** A word of a command: an atom, a string (its content), or a parenthesised list. */
export type Token = string | Token[];

/** One command line with its literals, as a client sent it. */
export interface CommandText {
  /** Pieces of the line; between two of them stood a literal, whose content is the Buffer. */
  pieces: (string | Buffer)[];
}

/**
 * Cuts a stream of bytes into commands (RFC 3501, section 4.3: a line may go on behind a literal).
 * @param goOn called when the client waits to be told to send a literal
 */
export class CommandReader {
  private waiting = Buffer.alloc(0);
  private pieces: (string | Buffer)[] = [];
  private literal = 0;
  private inLiteral = false;
  private readonly goOn: () => void;

  constructor(goOn: () => void) {
    this.goOn = goOn;
  }

  /** Takes bytes, gives the commands that are complete. */
  take(bytes: Buffer): CommandText[] {
    this.waiting = Buffer.concat([this.waiting, bytes]);
    const complete: CommandText[] = [];
    for (let more = true; more; ) more = this.inLiteral ? this.takeLiteral() : this.takeLine(complete);
    return complete;
  }

  private takeLiteral(): boolean {
    if (this.waiting.length < this.literal) return false;
    this.pieces.push(this.waiting.subarray(0, this.literal));
    this.waiting = this.waiting.subarray(this.literal);
    this.inLiteral = false;
    return true;
  }

  private takeLine(complete: CommandText[]): boolean {
    const end = this.waiting.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.waiting.toString('utf8', 0, end);
    this.waiting = this.waiting.subarray(end + 2);
    const [mark, length, plus] = /\{(\d{1,9})(\+?)\}$/.exec(line) ?? [];
    if (mark === undefined) {
      complete.push({ pieces: [...this.pieces, line] });
      this.pieces = [];
      return true;
    }
    this.pieces.push(line.slice(0, -mark.length));
    this.literal = Number(length);
    this.inLiteral = true;
    if (!plus) this.goOn();
    return true;
  }
}

/**
 * Reads a command's words.
 * @throws Error when it is not well-formed
 */
export function tokensOf({ pieces }: CommandText): Token[] {
  const root: Token[] = [];
  const open: Token[][] = [root];
  const add = (token: Token) => (open.at(-1) as Token[]).push(token);
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      add(piece.toString('utf8'));
      continue;
    }
    for (const [text, quoted] of piece.matchAll(WORD)) {
      if (text === '(') {
        const list: Token[] = [];
        add(list);
        open.push(list);
      } else if (text === ')') {
        if (open.length < 2) throw new Error('a ) too many');
        open.pop();
      } else add(quoted === undefined ? text : quoted.replaceAll(/\\(.)/g, '$1'));
    }
  }
  if (open.length > 1) throw new Error('a ( is not closed');
  return root;
}

/** A parenthesis, a quoted string, or an atom, in which square brackets may hold blanks: BODY[HEADER.FIELDS (DATE)]. */
const WORD = /[()]|"((?:[^"\\]|\\.)*)"|(?:[^\s()"[\]]|\[[^\]]*\])+/g;

/** True when the number is in the set `1,3:5,9:*`; `*` stands for `last`. */
export function inSet(set: string, number: number, last: number): boolean {
  return set.split(',').some((range) => {
    const [from = 0, to = from] = range.split(':').map((end) => (end === '*' ? last : Number(end)));
    return number >= Math.min(from, to) && number <= Math.max(from, to);
  });
}
