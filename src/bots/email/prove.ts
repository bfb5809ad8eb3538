import { createTransport } from 'nodemailer';
import type { EmailConfig } from '../../config.ts';
import type { AccountTyped, Proof, ProvingTools } from '../../core/kernel/account-form.ts';
import type { Egress } from '../../core/kernel/egress.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { tagsFit } from './address.ts';
import { briefImap } from './imap.ts';
import { isLogin } from './server-fault.ts';
import { smtpOptions } from './smtp.ts';

/**
 * Signs in to both servers of a mailbox with what was typed. That they work is what is learnt: whose the address is says the mail
 * that arrives there (round-trip.ts), where the hub can send one.
 */
export async function proveMailbox(
  typed: AccountTyped,
  { egress }: Pick<ProvingTools, 'egress'>,
): Promise<Proof<EmailConfig>> {
  const { address = '', authservId } = typed;
  const replyTo = typed.replyTo ?? address;
  if (!tagsFit(replyTo)) throw faulty({ [typed.replyTo ? 'replyTo' : 'address']: NO_ROOM });
  const [smtpUrl, imapUrl] = [smtpUrlOf(typed), imapUrlOf(typed)];
  const tried = await Promise.all([
    attempt('smtp', signInToSmtp(smtpUrl, egress)),
    attempt('imap', signInToImap(imapUrl, egress)),
  ]);
  const faults = Object.assign({}, ...tried);
  if (Object.keys(faults).length) throw faulty(faults);
  const credentials = { from: address, replyTo, smtpUrl, imapUrl, ...(authservId ? { authservId } : {}) };
  return { account: replyTo, name: null, credentials, listens: true };
}

const NO_ROOM =
  'leaves no room for what Parley puts behind it: before the @ it may have 15 characters and no +. Give a shorter one as the reply address.';

/** Without a scheme nothing is sent in the clear: whoever wants that writes smtp:// or imap:// before the name. */
function smtpUrlOf(typed: AccountTyped): string {
  const { smtp = '' } = typed;
  if (smtp.includes('://')) return withLogin(smtp, typed);
  return /:465$|^[^:]*$/.test(smtp)
    ? withLogin(`smtps://${smtp}`, typed)
    : `${withLogin(`smtp://${smtp}`, typed)}/?requireTLS=true`;
}

function imapUrlOf(typed: AccountTyped): string {
  const { imap = '' } = typed;
  return withLogin(imap.includes('://') ? imap : `imaps://${imap}`, typed);
}

function withLogin(url: string, { user, address = '', password = '' }: AccountTyped): string {
  return url.replace('://', `://${encodeURIComponent(user ?? address)}:${encodeURIComponent(password)}@`);
}

async function signInToSmtp(url: string, egress: Egress): Promise<void> {
  const transport = createTransport(smtpOptions(url, egress));
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

async function signInToImap(url: string, egress: Egress): Promise<void> {
  await briefImap(url, egress, 15_000, async () => undefined);
}

/** What is wrong, by field; nothing when it worked. What a server wrote is not repeated: it may be anybody's. */
async function attempt(field: 'smtp' | 'imap', signingIn: Promise<void>): Promise<Record<string, string>> {
  try {
    await signingIn;
    return {};
  } catch (error) {
    if (isLogin(error))
      return { password: 'is not accepted for that user name. Check both, and whether an app password is needed.' };
    return { [field]: unreachable(error as { code?: string; message?: string }) };
  }
}

/**
 * One that may not be reached, a name that nobody knows and a port that is closed are told in the same words: nothing is learnt
 * of them.
 */
function unreachable({ code = '', message = '' }: { code?: string; message?: string }): string {
  const why = /^(EGRESS|E?NOTFOUND|EAI_AGAIN|ECONN|EHOST|ENET|ETIMEDOUT)/.test(code) ? '' : `${code} ${message}`;
  if (/CERT|certificate/i.test(why))
    return 'shows a certificate that does not count for that name. Use the name that the provider gives.';
  if (/ssl|tls/i.test(why)) return 'does not speak encrypted on that port. Check the port.';
  return 'does not answer there. Check the name and the port. In a private network, ask whoever runs the hub to allow it.';
}

function faulty(fields: Record<string, string>): DomainError {
  return new DomainError('invalid', 'Please look at the marked fields.', { fields });
}
