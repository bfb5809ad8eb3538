import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Look } from '../kernel/field.ts';
import { clean } from '../kernel/field.ts';

/** Discord's buttons, the tightest of the platforms, hold so many characters of an address. */
const MOST = 512;

const SHAPE = /^https:\/\/\S+$/iu;

/**
 * The address of something on the web: https alone, and none that holds a name and a password, which every reader would see. It is
 * kept as a browser writes it, so that every platform takes it.
 */
export function webLink(look: Look): ZodType<string> {
  return z
    .string('is needed')
    .overwrite(clean)
    .refine((text) => SHAPE.test(text) && URL.canParse(text), 'must be a web address, like https://example.com/draft')
    .refine((text) => !hasPassword(text), 'must not hold a name or a password')
    .transform((text) => new URL(text).href)
    .pipe(z.string().max(MOST, `may have at most ${MOST} characters`))
    .meta({ most: MOST, placeholder: 'https://', ...look });
}

function hasPassword(text: string): boolean {
  const url = URL.parse(text);
  return Boolean(url?.username || url?.password);
}
