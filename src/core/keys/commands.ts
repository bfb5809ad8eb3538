// One line per command. The area takes all that stands here.

export { endKey } from './end-key.ts';
export { makeKey } from './make-key.ts';
