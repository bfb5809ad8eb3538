import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const SHOTS = join(import.meta.dirname, '../../docs/images');
/** Milliseconds until what has just changed, or was just said, is no longer marked. */
const GLOW = 5_500;

/** The console's panes, as tests of the demo look at them and press in them. */
export interface Panes {
  pane(id: string): Locator;
  /** The message of a pane with these words that stands last. */
  card(id: string, words: string | RegExp): Locator;
  /** Waits until it says so. */
  says(locator: Locator, text: string | RegExp): Promise<void>;
  /** Writes a picture for the docs, of a page or a part of it; only where it is asked for, or every run would change the tree. */
  shot(name: string, of?: Page | Locator): Promise<void>;
}

export function panesOf(page: Page): Panes {
  const pane = (id: string) => page.locator(`#${id}`);
  return {
    pane,
    card: (id, words) => pane(id).locator('.sk-message, .tm-message, .dc-message').filter({ hasText: words }).last(),
    says: (locator, text) => locator.getByText(text).first().waitFor({ timeout: 10_000 }),
    shot: async (name, of = page) => {
      if (process.env.PARLEY_SCREENSHOTS !== '1') return;
      await mkdir(SHOTS, { recursive: true });
      await page.waitForTimeout(GLOW);
      await of.screenshot({ path: join(SHOTS, `${name}.png`) });
    },
  };
}
