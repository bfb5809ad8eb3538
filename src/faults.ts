import { ConfigError } from './config.ts';
import type { Address } from './core/kernel/address.ts';
import { placeOf } from './core/kernel/address.ts';
import { DomainError } from './core/kernel/errors.ts';
import { StartFault } from './core/kernel/start-fault.ts';

/** What ends a process at start or a command of the command line: what is printed, and the exit code. */
interface Ending {
  say: string;
  code: number;
}

/** The settings or the words given are wrong: starting again does not help. */
export const MISUSED = 2;
/** What they point to refuses, or is not there. */
const REFUSED = 1;

/** Says what somebody can put right; null for a fault of Parley's own, which is shown with its stack. */
export function endingOf(error: unknown): Ending | null {
  if (error instanceof ConfigError) return { say: error.message, code: MISUSED };
  if (error instanceof DomainError) return { say: error.say, code: REFUSED };
  if (error instanceof StartFault) return { say: error.message, code: REFUSED };
  return null;
}

type Login = 'DATABASE_URL' | 'DATABASE_APP_URL' | 'login';

/** Puts what PostgreSQL or the network said into a sentence with its cure; null for what neither says about an address. */
export function faultOfServer(error: unknown, address: Address, login: Login): StartFault | null {
  const { code, message = '' } = error as { code?: string; message?: string };
  const setting = login === 'login' ? 'DATABASE_URL' : login;
  const say = (sentence: string) => new StartFault(sentence, { cause: error });
  switch (String(code)) {
    case '28P01':
    case '28000':
      return say(
        login === 'login'
          ? `The PARLEY_SECRET is not the one this database (${placeOf(address)}) was migrated with, or it was not migrated yet: set that secret, or run npm run migrate`
          : `The database ${placeOf(address)} does not let "${address.user}" in: correct the user or the password in ${setting}`,
      );
    case '3D000':
      return say(`There is no database ${placeOf(address)}: make it with createdb, or correct ${setting}`);
    case '42501':
      return say(
        `"${address.user}" may not connect to the database ${placeOf(address)}: run npm run migrate, or correct ${setting}`,
      );
  }
  if (/does not support SSL/.test(message))
    return say(
      `The server of ${placeOf(address)} speaks no TLS: set sslmode=disable in ${setting}, or turn TLS on there`,
    );
  if (/certificate/i.test(message))
    return say(
      `The certificate of ${placeOf(address)} is not trusted (${message}): give its authority with NODE_EXTRA_CA_CERTS or sslrootcert in ${setting}`,
    );
  return null;
}

/** A server that was waited for and did not come. */
export function unreachable(error: unknown, place: string): StartFault {
  const { code, message } = error as { code?: string; message: string };
  const say = (sentence: string) => new StartFault(sentence, { cause: error });
  if (code === '53300')
    return say(
      `The database ${place} has no connection left: raise its max_connections, or lower DATABASE_CONNECTIONS`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return say(
      `The host of the database ${place} has no address: correct DATABASE_URL or DATABASE_APP_URL, or mend the name service`,
    );
  return say(
    `The database ${place} cannot be reached (${code ?? message}): start it, or correct DATABASE_URL or DATABASE_APP_URL`,
  );
}

/** A channel or connector that is set up and did not open; a fault of Parley's own stays what it is. */
export function faultOfTool(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof ReferenceError) return error;
  const sentence = `The settings of ${name} do not work (${error.message.replace(/[.\s]+$/, '')}): correct them (docs/connect-${name === 'email' ? 'mail' : name}.md), or unset them all to turn it off`;
  return error instanceof StartFault ? error : new StartFault(sentence, { cause: error });
}

/** A port that cannot be listened on; null for another fault. */
export function faultOfListening(error: unknown, host: string, port: number, setting: string): StartFault | null {
  const { code } = error as { code?: string };
  const say = (sentence: string) => new StartFault(sentence, { cause: error });
  const named = setting === 'METRICS_PORT' ? 'METRICS_HOST' : 'HOST';
  if (code === 'EADDRINUSE')
    return say(`Port ${port} on ${host} is taken by another program: stop it, or set ${setting} to a free port`);
  if (code === 'EACCES')
    return say(
      `Port ${port} may not be used by this user: set ${setting} to one above 1023, and put a proxy before it`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return say(`${named} is ${host}, which is no address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all`);
  return null;
}
