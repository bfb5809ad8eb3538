import type { Change } from './state.ts';

/** What a method answers, and what it changed. */
export interface Called {
  answer: Record<string, unknown> & { ok: boolean };
  changes: Change[];
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''));

/** Slack's answer to a call that worked. */
export function ok(answer: object, ...changes: Change[]): Called {
  return { answer: { ok: true, ...answer }, changes };
}

/** Slack's answer to one that did not, with its messages for the developer. */
export function no(error: string, messages: string[] = []): Called {
  return {
    answer: {
      ok: false,
      error,
      ...(messages.length ? { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } } : {}),
    },
    changes: [],
  };
}
