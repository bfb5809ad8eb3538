import type { Request } from 'express';
import type { AnyCommand } from '../core/kernel/command.ts';
import { wrong } from '../core/kernel/faults.ts';
import { readJson } from '../core/kernel/json.ts';
import type { App } from '../core/kernel/registry.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { Caller } from './caller.ts';
import { Unreadable } from './problem.ts';
import { versionIn } from './view.ts';

/** What a program is answered: what the command put out, without the button that would come next. */
interface DoneAnswer {
  output: Record<string, unknown>;
  replayed: boolean;
}

/** @throws Unreadable, DomainError; nothing was done then, unless it says that this is unknown */
export async function doneBy(
  app: App,
  { who, key }: Caller,
  command: AnyCommand,
  request: Request,
): Promise<DoneAnswer> {
  const input = inputOf(command, request);
  const requestId = `api:${key.id}:${idOf(request)}`;
  const { output, replayed, card } = await runCommand(app, who, { name: command.name, input, requestId });
  const { next: _, ...told } = (output ?? {}) as Record<string, unknown>;
  return { output: { say: card.fallback, ...told }, replayed };
}

/** A program that sends no word of its own is taken to mean something new each time. */
function idOf(request: Request): string {
  const word = request.get('idempotency-key');
  if (word === undefined) return crypto.randomUUID();
  if (/^[\x21-\x7e]{1,200}$/.test(word)) return word;
  throw wrong({ 'Idempotency-Key': 'is 1 to 200 letters, digits and signs of ASCII' });
}

function inputOf({ known = [] }: AnyCommand, request: Request): Record<string, unknown> {
  const body = objectIn(request);
  const own = known.find((name) => Object.hasOwn(body, name));
  if (own) throw wrong({ [own]: 'is said by channels alone' });
  return { ...body, ...matched(request, body) };
}

/** @throws Unreadable */
function objectIn({ body }: Request): Record<string, unknown> {
  if (typeof body !== 'string')
    throw new Unreadable({
      ...{ code: 'unsupported', status: 415 },
      detail: 'Send the input as a JSON object, with “Content-Type: application/json”.',
    });
  const read = readJson(body);
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  throw new Unreadable({ code: 'malformed', status: 400, detail: 'The body is no JSON object.' });
}

/** The version that `If-Match` names. */
function matched(request: Request, { version }: Record<string, unknown>): { version?: number } {
  const tag = request.get('if-match');
  if (tag === undefined) return {};
  const named = versionIn(tag);
  if (named === null) throw wrong({ 'If-Match': 'is not the ETag of a thing that was read here' });
  if (version !== undefined && Number(version) !== named)
    throw wrong({ version: 'is another one than If-Match names' });
  return { version: named };
}
