import type { Header } from './headers.ts';
import { valuesOf } from './headers.ts';

/**
 * Why a mail was written by a machine, or null for a person's. Such a mail is never answered: two machines that answer
 * each other do not stop (RFC 3834, section 2).
 */
export function automaticBecause(headers: readonly Header[]): string | null {
  const [auto] = valuesOf(headers, 'auto-submitted');
  if (auto !== undefined && !/^no\b/i.test(auto)) return `Auto-Submitted: ${auto.slice(0, 60)}`;
  const [precedence] = valuesOf(headers, 'precedence');
  if (precedence && /^(bulk|junk|list|auto_reply)$/i.test(precedence)) return `Precedence: ${precedence}`;
  const named = headers.find(({ name }) => ['x-autoreply', 'x-autorespond', 'x-autoresponder'].includes(name));
  if (named) return named.name;
  return valuesOf(headers, 'return-path').includes('<>') ? 'an empty return path' : null;
}

/** True for a report about the delivery of a mail (RFC 6522). */
export function isReport(headers: readonly Header[]): boolean {
  return /^multipart\/report\b/i.test(valuesOf(headers, 'content-type')[0] ?? '');
}

/** What a bounce says: gone for good, or only late. */
export interface Bounce {
  permanent: boolean;
  reason: string;
}

/** Reads the machine-readable part of a bounce (RFC 3464): the worst of its recipients counts; null when it has none. */
export function bounceOf(deliveryStatus: string): Bounce | null {
  const statuses = [...deliveryStatus.matchAll(/^status:[ \t]*([245]\.\d{1,3}\.\d{1,3})/gim)].map(
    ([, status = '']) => status,
  );
  const worst = statuses.sort().at(-1);
  if (!worst) return null;
  const failed = /^action:[ \t]*failed/im.test(deliveryStatus);
  const [, said = ''] = /^diagnostic-code:[ \t]*([^\r\n]{1,200})/im.exec(deliveryStatus) ?? [];
  return { permanent: failed && worst.startsWith('5'), reason: `the mail came back: ${worst} ${said}`.trim() };
}
