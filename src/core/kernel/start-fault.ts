/**
 * Why Parley does not start, or a command of the command line does not run: one sentence for the person at the keyboard,
 * with the cure in it. It is printed as it stands, without a stack.
 */
export class StartFault extends Error {
  constructor(sentence: string, options?: { cause: unknown }) {
    super(sentence, options);
    this.name = 'StartFault';
  }
}
