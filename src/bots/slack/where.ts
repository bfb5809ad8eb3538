import { z } from 'zod';
import type { Press } from '../../core/kernel/card.ts';
import { decodePress, encodePress } from '../../core/kernel/card.ts';
import { readJson } from '../../core/kernel/json.ts';

/** Where an answer goes, and how. */
export interface Where {
  user: string;
  channel: string | null;
  thread: string | null;
  /** Takes five answers within half an hour, also where the app is no member. */
  responseUrl: string | null;
  /** The pressed card was shown to this person alone: the answer replaces it. */
  ephemeral: boolean;
  /** Set when it happened inside a modal. */
  view: string | null;
}

/** Written into a modal: the press that its form makes, and where the person came from. */
export function metadataFor(press: Press | null, where: Where): string {
  const { channel, thread, responseUrl, ephemeral } = where;
  return JSON.stringify({ press: press && encodePress(press), channel, thread, responseUrl, ephemeral });
}

const Metadata = z.object({
  press: z.string().nullable(),
  channel: z.string().nullable(),
  thread: z.string().nullable(),
  responseUrl: z.string().nullable(),
  ephemeral: z.boolean(),
});

/** Reads it; what nobody wrote is nothing. */
export function metadataOf(
  text: string | null | undefined,
): Pick<Where, 'channel' | 'thread' | 'responseUrl' | 'ephemeral'> & { press: Press | null } {
  const parsed = Metadata.safeParse(readJson(text ?? ''));
  if (!parsed.success) return { press: null, channel: null, thread: null, responseUrl: null, ephemeral: false };
  return { ...parsed.data, press: decodePress(parsed.data.press ?? '') };
}
