/** Seconds for which a link counts that signs in (OWASP ASVS 6.5.5 asks for at most ten minutes). */
export const SIGN_IN_SECONDS = 600;
/** Hours without a page after which a browser is signed out: a working day and a night. */
export const IDLE_HOURS = 24;
/** Days after which it is signed out however much it is used (NIST SP 800-63B: at most 30 for one factor). */
export const SESSION_DAYS = 14;
