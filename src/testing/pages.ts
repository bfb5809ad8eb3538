import express from 'express';
import { mountPortal } from '../portal/index.ts';
import type { TestApp } from './app.ts';
import { listen } from './listen.ts';

interface PagesOptions {
  /** Reads what came with a mail; without it there are no files. */
  readFile?: Parameters<typeof mountPortal>[3];
  /** The address under which people would reach them, where it is not this one. */
  publicUrl?: string;
}

/** Serves the pages of an app from this machine. Whoever asks says by a header from where, as behind a proxy. */
export async function servePages(
  app: TestApp,
  { readFile = async () => null, publicUrl }: PagesOptions = {},
): Promise<{ origin: string; stop(): Promise<unknown> }> {
  const web = express();
  web.set('trust proxy', 'loopback');
  const server = await listen(web);
  const origin = server.url;
  if (!publicUrl) Object.assign(app, { publicUrl: origin });
  mountPortal(web, app, publicUrl ?? origin, readFile);
  return { origin, stop: server.stop };
}
