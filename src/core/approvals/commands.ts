// One line per command. The area takes all that stands here.

export { setRule } from './set-rule.ts';
