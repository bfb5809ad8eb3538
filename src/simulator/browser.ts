import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** Debian's own; Playwright's download is not needed. */
export const CHROMIUM = '/usr/bin/chromium';

export function chromiumIsThere(): boolean {
  return existsSync(CHROMIUM);
}

export interface RunningDemo {
  url: string;
  /** From the start of the process until it printed its address. */
  seconds: number;
  /** Stops it as Ctrl-C does. @throws Error when it did not stop in order */
  stop(): Promise<void>;
}

/**
 * Starts the demo as a person does, on ports of its own.
 * @throws Error with what it printed when it ends instead
 */
export async function startDemo(dataDir: string): Promise<RunningDemo> {
  const started = performance.now();
  const { NODE_OPTIONS: _testRunners, ...environment } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'demo.ts')], {
    env: { ...environment, PARLEY_DATA_DIR: dataDir, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /is at (http:\S+)/.exec(printed);
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', (code) => reject(new Error(`the demo ended with ${code}: ${printed}`)));
  });
  return { url, seconds: (performance.now() - started) / 1000, stop: () => stop(child, () => printed) };
}

async function stop(child: ChildProcess, printed: () => string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const code = await ended;
  if (code !== 0) throw new Error(`the demo stopped with ${code}: ${printed()}`);
}

export interface Watched {
  page: Page;
  context: BrowserContext;
  /** Addresses outside this machine that anything in the browser asked for. */
  outside: string[];
  /** What a page complained of. */
  errors: string[];
  goTo(url: string): Promise<void>;
  /** Leaves the console, so that its end is not an error of the page. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the console in a browser of its own and notes everything it asks for. */
export async function openPage(url: string): Promise<Watched> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1600, height: 1000 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const outside: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && hostname !== '127.0.0.1') outside.push(request.url());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  const goTo = async (address: string) => {
    // The hub may still be sending what the seed announced, on a machine that does other things as well.
    await page.goto(address, { timeout: 30_000 });
    await page.locator('body[data-ready]').waitFor({ timeout: 30_000 });
  };
  await goTo(url);
  return {
    page,
    context,
    outside,
    errors,
    goTo,
    leave: async () => {
      await page.goto('about:blank');
    },
    close: () => browser.close(),
  };
}

/**
 * Milliseconds until each pane shows its text, measured in the page from the next click on; it must not be there yet.
 * @param texts the pane's id → the text
 */
export function timesUntil(page: Page, texts: Record<string, string>): Promise<Record<string, number>> {
  return page.evaluate(`new Promise((resolve) => {
    const texts = ${JSON.stringify(texts)};
    const seen = {};
    let clicked = null;
    const look = () => {
      for (const [id, text] of Object.entries(texts))
        if (seen[id] === undefined && document.getElementById(id).textContent.includes(text)) seen[id] = Math.round(performance.now() - clicked);
      if (Object.keys(seen).length === Object.keys(texts).length) finish();
    };
    const observer = new MutationObserver(() => clicked !== null && look());
    const finish = () => (observer.disconnect(), resolve(seen));
    document.addEventListener('click', () => (clicked = performance.now()), { capture: true, once: true });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    setTimeout(finish, 8000);
  })`);
}
