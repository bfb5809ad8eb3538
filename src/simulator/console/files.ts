import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = join(import.meta.dirname, 'page');
const VENDOR: Readonly<Record<string, string>> = {
  '/vendor/adaptivecards.min.js': fileURLToPath(import.meta.resolve('adaptivecards/dist/adaptivecards.min.js')),
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** A mail may style itself; it may load nothing and run nothing. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The HTML part of a mail, for its frame. */
export function mail(html: string | null, response: ServerResponse): void {
  if (html === null) {
    json(response, 404, { say: 'There is no such mail.' });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': MAIL_POLICY });
  // Links open in a tab of their own, and what is written for a whole window is drawn somewhat smaller.
  const links = '<base target="_blank"><style>body{zoom:0.86}</style>';
  response.end(/<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + links) : links + html);
}

/** Values as a module of the page: it has them before it is drawn, so that nothing moves when they come. */
export function script(values: Readonly<Record<string, unknown>>, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' });
  const lines = Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`);
  response.end(lines.join(''));
}

/** A file of the page, or of the one library that it draws Adaptive Cards with. */
export async function file(path: string, response: ServerResponse): Promise<void> {
  const name = VENDOR[path] ?? join(PAGE, normalize(path === '/' ? '/index.html' : path));
  const inside = VENDOR[path] !== undefined || name.startsWith(PAGE + sep);
  const found = inside ? await stat(name).catch(() => null) : null;
  if (!found?.isFile()) return json(response, 404, { say: 'There is no such page.' });
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
  createReadStream(name).pipe(response);
}

/** Answers with JSON that nobody keeps. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
