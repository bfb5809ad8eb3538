import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express } from 'express';
import express from 'express';
import type { App } from '../core/kernel/registry.ts';
import { routeNamed } from '../core/kernel/route.ts';
import { MOST_TICKED } from '../core/kernel/ticks.ts';
import { mountFounding } from './founding-pages.ts';
import { mountLinks } from './link-pages.ts';
import type { FileReader, Portal } from './portal.ts';
import { RateLimit } from './rate.ts';
import { mountSignIn } from './sign-in-pages.ts';
import { mountSignedIn } from './signed-in-pages.ts';
import { mountStop } from './stop-pages.ts';

const STYLE = readFileSync(join(import.meta.dirname, 'portal.css'), 'utf8');

/**
 * The web face: the pages of a mail's links, signing in, and what somebody sees and does who is signed in. GET shows, POST acts.
 * A form carries a few long texts, and the boxes that are ticked, at most.
 * @param publicUrl the address under which people reach this hub, without a trailing slash
 * @param readFile takes the files out of stored mails, which the pages hand out
 */
export function mountPortal(web: Express, app: App, publicUrl: string, readFile: FileReader): void {
  const { pathname, origin, protocol } = new URL(publicUrl);
  const portal: Portal = {
    app,
    base: pathname.replace(/\/$/, ''),
    origin,
    secure: protocol === 'https:',
    rate: new RateLimit(),
    readFile,
  };
  const form = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 100 + MOST_TICKED });
  web.get('/portal.css', routeNamed('portal.style'), (_request, response) => {
    response
      .set({ 'Cache-Control': 'public, max-age=3600', 'X-Content-Type-Options': 'nosniff' })
      .type('css')
      .send(STYLE);
  });
  mountLinks(web, portal, form);
  mountStop(web, portal, form);
  mountFounding(web, portal, form);
  mountSignIn(web, portal, form);
  mountSignedIn(web, portal, form);
}
