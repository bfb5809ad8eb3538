/** A connection string of PostgreSQL, taken apart. Node's URL knows no list of hosts. */
export interface Address {
  hosts: { host: string; port: number }[];
  user: string;
  password: string;
  database: string;
  /** Only a server that can be written is wanted (target_session_attrs=read-write or primary). */
  writable: boolean;
  /** The other parameters, as they were. */
  parameters: URLSearchParams;
}

const FORM = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const DEFAULT_PORT = 5432;

/** Reads `postgres://user:password@host:port,host:port/database?…`; null when it is not of that form. */
export function readAddress(url: string): Address | null {
  const [, credentials = '', hostText = '', path = '', query = ''] = FORM.exec(url) ?? [];
  const parameters = new URLSearchParams(query);
  const hosts = (hostText || parameters.get('host') || 'localhost').split(',').map(hostOf);
  if (!FORM.test(url) || hosts.some((host) => host === null)) return null;
  const [user = '', ...password] = credentials.split(':');
  const wanted = parameters.get('target_session_attrs') ?? 'any';
  parameters.delete('target_session_attrs');
  parameters.delete('host');
  try {
    return {
      hosts: hosts as Address['hosts'],
      user: decodeURIComponent(user),
      password: decodeURIComponent(password.join(':')),
      database: decodeURIComponent(path) || decodeURIComponent(user),
      writable: ['read-write', 'primary'].includes(wanted),
      parameters,
    };
  } catch {
    return null;
  }
}

/** The same server and database for another user. */
export function addressAs(address: Address, user: string, password: string): string {
  return writeAddress({ ...address, user, password });
}

/** The address of one of its hosts, whatever that is. */
export function addressAt(address: Address, host: Address['hosts'][number]): string {
  return writeAddress({ ...address, hosts: [host], writable: false });
}

/** Puts an address together again, as `readAddress` reads it. */
function writeAddress({ hosts, user, password, database, writable, parameters }: Address): string {
  const query = new URLSearchParams(parameters);
  // A folder with a socket does not fit where a host stands.
  const socket = hosts.some(({ host }) => host.startsWith('/'));
  if (socket) query.set('host', hosts.map(({ host }) => host).join(','));
  if (writable) query.set('target_session_attrs', 'read-write');
  const login = user ? `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@` : '';
  const where = socket
    ? ''
    : hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  const text = query.toString();
  return `postgres://${login}${where}/${encodeURIComponent(database)}${text ? `?${text}` : ''}`;
}

/** Where it is, for people: no user, no password. */
export function placeOf({ hosts, database }: Address): string {
  return `${database} on ${hosts.map(({ host, port }) => `${host}:${port}`).join(', ')}`;
}

function hostOf(text: string): { host: string; port: number } | null {
  // A folder with a socket, as it stands in a parameter or encoded where a host stands.
  const folder = text.replace(/%2f/gi, '/');
  if (folder.startsWith('/')) return { host: folder, port: DEFAULT_PORT };
  const [, six, name, port = String(DEFAULT_PORT)] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]%\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = six ?? name;
  return host && Number(port) <= 65_535 ? { host, port: Number(port) } : null;
}
