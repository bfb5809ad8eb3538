import type { Press } from './card.ts';

/** The few ways in which a request can fail that the person who asked should hear about. */
export type ErrorCode = 'invalid' | 'not_found' | 'forbidden' | 'conflict' | 'stale' | 'rate_limited' | 'unavailable';

/** How each is answered where somebody asks by HTTP. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid: 422,
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  stale: 409,
  rate_limited: 429,
  unavailable: 503,
};

export interface ErrorDetail {
  /** Input field → what is wrong with it; shown beside the field of a form. */
  readonly fields?: Readonly<Record<string, string>>;
  /** What changed since the pressed card was drawn, one line each. */
  readonly changes?: readonly string[];
  /** The view that shows the present state; answered together with the refusal. */
  readonly show?: Press;
  /** It takes a surer sign of who it is: the same person may go on with the same press once they are signed in. */
  readonly surer?: boolean;
  /** It is not known whether it was done: the connection was lost while it was being committed. */
  readonly unknown?: boolean;
}

/** A refusal that is safe to show to anybody: `say` never holds data that the actor may not see. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly say: string;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, say: string, detail: ErrorDetail = {}) {
    super(`${code}: ${say}`);
    this.name = 'DomainError';
    this.code = code;
    this.say = say;
    this.detail = detail;
  }
}

/** Raised when nobody of the firm is linked to the chat user or address that acted. The answer is a card that starts linking. */
export class NotLinked extends DomainError {
  readonly tenantId: string;

  constructor(tenantId: string) {
    super('forbidden', 'We do not know you here yet. Link your account first.');
    this.name = 'NotLinked';
    this.tenantId = tenantId;
  }
}
