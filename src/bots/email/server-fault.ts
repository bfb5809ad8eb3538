/** A server of mail, as people are told of it. */
interface Server {
  /** `The mail server`, `The mailbox` */
  what: string;
  url: string;
  /** The setting that holds its address. */
  setting: string;
  /** What becomes of mails until it is put right. */
  until: string;
}

/** Puts what a server or the network said at connecting into a sentence with its cure. */
export function faultOfConnecting(error: unknown, { what, url, setting, until }: Server): string {
  const { host, username } = new URL(url);
  if (isLogin(error))
    return `${what} on ${host} does not let "${decodeURIComponent(username)}" in, and ${until}: correct the user or the password in ${setting}`;
  const { message = '' } = error as { message?: string };
  const why = /\bE[A-Z]{4,}\b/.exec(message)?.[0] ?? message.slice(0, 200);
  return `${what} on ${host} cannot be reached (${why}), and ${until} until it can: start it, or correct ${setting}`;
}

/** nodemailer's sign of a refused login, and imapflow's. */
export function isLogin(error: unknown): boolean {
  const { code, authenticationFailed } = error as { code?: string; authenticationFailed?: boolean };
  return code === 'EAUTH' || authenticationFailed === true;
}

/** What an administrator does where a server does not let Parley in any more; null for any other error. */
export function refusalOf(error: unknown): string | null {
  const { cause = error } = error as { cause?: unknown };
  return isLogin(cause)
    ? 'The mail server does not accept the user name and password any more. Reconnect the mailbox with the present ones.'
    : null;
}
