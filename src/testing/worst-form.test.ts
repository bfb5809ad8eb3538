import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import { z } from 'zod';
import { areas } from '../core/areas.ts';
import { decodePress } from '../core/kernel/card.ts';
import { parseInput } from '../core/kernel/command.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { readLink } from '../core/kernel/links.ts';
import { buildRegistry } from '../core/kernel/registry.ts';
import { secretsFrom } from '../core/kernel/secrets.ts';
import { oneLine, storable, unstorableIn } from '../core/kernel/text.ts';
import { openLog } from '../log.ts';
import { isFromHere, openSeal } from '../portal/seal.ts';
import { computed } from './computing.ts';
import { SECRET } from './database.ts';

/*
 * The worst that forms, links and presses can bring: long runs of what a pattern could take in more than one way. The doors let
 * less in (a form of the portal 256 kB, a link 2,000 characters); the readers behind them must not need that.
 */
const BYTES = 1_000_000;
/** Milliseconds. What grows faster than its text takes minutes; a machine that is busy with other tests takes some hundred. */
const AT_ONCE = 1_000;
const RUNS = [
  'a',
  ' ',
  '\n',
  '\t ',
  '1',
  '-',
  '.',
  '@',
  'a@',
  ',',
  '; ',
  '=',
  '%',
  '~',
  '/',
  '://',
  '<',
  '&',
  '"',
  ' — ',
  '\n- ',
  '\0',
  '\ud800',
  'http://a ',
];

const secrets = secretsFrom([SECRET]);
const registry = buildRegistry(areas);
const log = openLog('info', { write: () => undefined });
const cookie = `parley-page=${'a'.repeat(24)}`;
const request = (body: unknown, headers: Record<string, string>) =>
  ({ body, get: (name: string) => headers[name] }) as unknown as Request;

const READERS: [string, (text: string) => unknown][] = [
  [
    'the fields of a page',
    (text) => openSeal(secrets, request({ press: text, view: text, once: text, seal: text }, { cookie }), text),
  ],
  ['a cookie', (text) => openSeal(secrets, request({}, { cookie: `parley-page=${text}` }), 'token')],
  [
    'where a form comes from',
    (text) => isFromHere(request({}, { origin: text, 'sec-fetch-site': text }), 'https://a.example'),
  ],
  ['a link', (text) => [readLink(secrets, text, new Date()), readLink(secrets, `${text}.${text}`, new Date())]],
  ['a press', (text) => [decodePress(text), decodePress(`a.b?a=${text}`)]],
  ['text to keep', (text) => [oneLine(text), storable(text), unstorableIn(text)]],
  ['what is logged', (text) => log.info({ agent: text, path: `/l/${text}` }, text)],
  ...[...registry.commands.values(), ...registry.views.values()].map(
    ({ name, input }): [string, (text: string) => unknown] => {
      const fields = input instanceof z.ZodObject ? Object.keys(input.shape) : [];
      return [name, (text) => parseInput(input, Object.fromEntries(fields.map((field) => [field, text])))];
    },
  ),
];

test.each(READERS)(
  '%s of a megabyte is read or refused at once, whatever it is',
  (_name, read) => {
    const slow: string[] = [];
    for (const run of RUNS) {
      const text = run.repeat(Math.ceil(BYTES / run.length));
      const took = timed(() => read(text));
      // What is slow by chance, like while memory is swept, is not slow again.
      if (took > AT_ONCE && timed(() => read(text)) > AT_ONCE)
        slow.push(`${JSON.stringify(run)}: ${Math.round(took)} ms`);
    }

    expect(slow).toEqual([]);
  },
  60_000,
);

/** @throws whatever is no refusal */
function timed(work: () => unknown): number {
  const started = computed();
  try {
    work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
  return computed() - started;
}
