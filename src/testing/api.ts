import express from 'express';
import { mountApi } from '../api/index.ts';
import type { Who } from '../core/kernel/actor.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { listen } from './listen.ts';

/** What a program is answered. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the API answers
  json: any;
}

export interface Api {
  /** The address of the API. */
  base: string;
  get(key: string, path: string, headers?: Record<string, string>): Promise<ApiAnswer>;
  post(key: string, path: string, body: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** Serves the API of an app from this machine. A body that is a text is sent as it is. */
export async function serveApi(app: TestApp, perMinute = 600): Promise<Api> {
  const web = express();
  web.set('trust proxy', 'loopback');
  const server = await listen(web);
  mountApi(web, app, server.url, perMinute);
  const base = `${server.url}/api/v1`;
  const ask = async (path: string, key: string, init: RequestInit & { headers?: Record<string, string> }) => {
    const headers = { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...init.headers };
    const answer = await fetch(`${base}${path}`, { ...init, headers });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
  };
  return {
    base,
    get: (key, path, headers) => ask(path, key, headers ? { headers } : {}),
    post: (key, path, body, headers) =>
      ask(path, key, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...headers },
      }),
    stop: server.stop,
  };
}

/** Makes a key on the pages, as its person does, and gives what is shown there once. */
export async function keyFor(
  app: TestApp,
  who: Who,
  { access = 'write', days = '90', modules = '' } = {},
): Promise<{ id: string; key: string }> {
  const onPage = { ...who, channel: 'portal' } as Who;
  const input = { name: 'Export', access, days, modules };
  const { output, shown } = await runCommand(app, onPage, {
    ...{ name: 'key.make', input },
    requestId: crypto.randomUUID(),
  });
  return { id: String((output as { id: string }).id), key: shown?.text ?? '' };
}
