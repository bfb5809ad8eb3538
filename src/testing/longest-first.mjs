import Sequencer from '@jest/test-sequencer';

/** Files of tests that take minutes, the longest first. Where one of them came last, all but one of the processors would wait for it. */
const LONGEST = [
  'src/testing/area-contract',
  'src/testing/worst-form',
  'src/testing/lists',
  'src/testing/worst-input',
  'src/testing/isolation',
  'src/troubleshooting',
  'src/testing/rights',
  'src/testing/permissions',
];

/** Jest's own order, by what it knows of earlier runs or by the size of the files, but for those. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = LONGEST.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return found < 0 ? LONGEST.length : found;
    };
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
