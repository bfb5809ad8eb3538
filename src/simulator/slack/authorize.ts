import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Stage } from './stage.ts';

/** Somebody says yes for a workspace: where their browser goes then, with a code that is good for its token, once. */
export function allowed(
  authorizeUrl: string,
  codes: Stage['codes'],
  workspace: { stage: Stage; token: string },
): string {
  const asked = new URL(authorizeUrl).searchParams;
  const code = randomUUID();
  codes.set(code, workspace);
  const back = new URL(asked.get('redirect_uri') ?? '');
  back.searchParams.set('code', code);
  back.searchParams.set('state', asked.get('state') ?? '');
  return back.href;
}

/** Slack's own page, on which somebody chooses the workspace to which they add the app. */
export function showAuthorizePage(first: Stage, token: string, authorizeUrl: string, response: ServerResponse): void {
  const workspaces = [{ stage: first, token }, ...[...first.others].map(([other, stage]) => ({ stage, token: other }))];
  const links = workspaces.map((workspace) => {
    const href = allowed(authorizeUrl, first.codes, workspace).replaceAll('&', '&amp;');
    return `<p><a href="${href}">Allow in ${workspace.stage.workspace.team.name}</a></p>`;
  });
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><title>Slack</title><main>${links.join('')}</main></html>`);
}
