import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Card, Press } from './card.ts';
import { formCard } from './form.ts';
import type { Secrets } from './secrets.ts';

/** Minutes for which a code counts that is posted in a workspace: long enough to change windows, and to find the channel. */
export const POSTED_MINUTES = 15;

/** What was typed as a code: its digits. */
export const PostedCode = z
  .string('is needed')
  .max(40)
  .transform((typed) => typed.replaceAll(/\D/g, ''))
  .refine((digits) => digits.length === 8, 'is eight digits, as in 1234-5678');

/** What is asked of whoever posts a code. */
export const codeFields = {
  code: PostedCode.meta({
    label: 'Code',
    hint: 'From “Connect a tool” on the pages of your firm.',
    placeholder: '1234-5678',
    most: 40,
  }),
};

/** Asks for the code. Where no firm has connected the account nobody is known, so it is about nothing and nobody. */
export function askForCode(press: Press): Card {
  const form = {
    title: 'Connect this workspace',
    submit: 'Connect',
    about: { entity: 'connections', id: '', version: 0 },
  };
  return formCard(press, form, codeFields, {});
}

/** The code of a row: derived, so that nothing stored connects anything. */
export function postedCodeOf(secrets: Secrets, id: string): string {
  const digest = createHash('sha256').update(secrets.sign('posted-code', id)).digest();
  return String(digest.readUInt32BE(0) % 100_000_000).padStart(8, '0');
}

/** What is stored of it. A code is for one tool. */
export function hashOfPosted(secrets: Secrets, tool: string, code: string): string {
  return secrets.sign('posted-code-hash', `${tool}:${code}`);
}
