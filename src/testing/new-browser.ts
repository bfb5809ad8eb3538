import type { Who } from '../core/kernel/actor.ts';
import type { Press } from '../core/kernel/card.ts';
import { showView } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { Browser } from './browser.ts';

let count = 0;

/** A browser from a network address of its own: what one asks for is no other's limit. */
export function newBrowser(origin: string): Browser {
  count += 1;
  return new Browser(origin, { 'X-Forwarded-For': `198.18.${count >> 8}.${count & 255}` });
}

const PORTAL: Press = { target: 'session.portal', input: {} };

/**
 * A browser in which somebody is signed in, at the page to which a chat leads them.
 * @param press what the chat shows, with the way to the pages as its first action; by default the way to their home
 */
export async function fromChat(app: TestApp, who: Who, press = PORTAL): Promise<Browser> {
  const [way] = (await showView(app, who, press)).actions;
  if (way?.kind !== 'link') throw new Error('no card leads to the page');
  const { origin, pathname } = new URL(way.url);
  const browser = newBrowser(origin);
  await browser.open(pathname);
  await browser.pressAny('Sign in as');
  return browser;
}
