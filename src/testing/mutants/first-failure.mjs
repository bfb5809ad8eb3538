import { TestEnvironment } from 'jest-environment-node';

/** Jest's own environment, in which nothing more is run after the first failure: one is enough to notice a mutant. */
export default class FirstFailure extends TestEnvironment {
  #failed = false;

  /** Called by Jest at each step: https://jestjs.io/docs/configuration#testenvironment-string */
  handleTestEvent(event) {
    // What fails before all tests fails each of them by itself: left out, they would count as if nothing had been noticed.
    if (event.name === 'test_done' && event.test.errors.length) this.#failed = true;
    if (event.name === 'test_start' && this.#failed) event.test.mode = 'skip';
  }
}
