import type { IncomingMessage, Server } from 'node:http';

/** Milliseconds in which requests have to come whole. */
export interface RequestTimes {
  /** Node's own limit for all of them, unless somebody says otherwise. */
  most: number;
  /** With files, which come over slow lines too: whoever reads them gives up sooner on a browser that stands still. */
  withFiles: number;
}

const TIMES: RequestTimes = { most: 300_000, withFiles: 1_800_000 };

/** Limits how long a request may take to come: Node has one limit for all, and files need longer than anything else. */
export function limitRequests(server: Server, { most, withFiles }: RequestTimes = TIMES): void {
  server.requestTimeout = withFiles;
  server.on('request', (request: IncomingMessage) => {
    if (isLong(request)) return;
    const late = setTimeout(() => {
      if (!request.complete) request.destroy();
    }, most);
    for (const end of ['end', 'close']) request.once(end, () => clearTimeout(late));
  });
}

/** One without a body has come whole already; one with files has the longer time. */
function isLong({ headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return !hasBody || Boolean(headers['content-type']?.startsWith('multipart/form-data'));
}
