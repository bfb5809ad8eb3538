import { z } from 'zod';

/** A moment: a Date in the code; in JSON, which API, agents and stored events hold, a text like 2026-11-27T16:30:00.000Z. */
export function instant(): z.ZodCodec<z.ZodISODateTime, z.ZodDate> {
  return z.codec(z.iso.datetime(), z.date(), {
    decode: (text) => new Date(text),
    encode: (at) => at.toISOString(),
  });
}
