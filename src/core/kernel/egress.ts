import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Agent, buildConnector } from 'undici';

/**
 * Where this process may connect to at the word of somebody of a firm: to what is on the internet, and to what the operator allows.
 * What the environment itself names is the operator's word, and is not asked about here.
 */
export interface Egress {
  /**
   * What a connection to a host is made with. The address that was judged is the one that is connected to: a name is resolved once
   * per connection, by the connection itself.
   * @throws EgressRefused when the host is an address that may not be reached
   */
  to(host: string): { lookup: LookupFunction };
  /** Whether the operator names the host, or its address, in PARLEY_PRIVATE_HOSTS. */
  names(host: string): boolean;
}

/** The host is none that may be reached; nothing was sent there. What it says is for the operator's log alone. */
export class EgressRefused extends Error {
  readonly code = 'EGRESS';

  constructor(host: string) {
    super(`${host} is not on the internet: firms reach it only when PARLEY_PRIVATE_HOSTS names it`);
    this.name = 'EgressRefused';
  }
}

/** IPv4 that is nobody's on the internet (IANA's special-purpose registry), and the address at which Azure answers its guests. */
const SPECIAL_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
];
/** Of IPv6 only this is the internet; all else is local, or holds an IPv4 address in another spelling. */
const GLOBAL_6 = ['2000::/3'];
/** The parts of it that are not: they are for protocols, documentation, or tunnels to an IPv4 address. */
const SPECIAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const special = listOf([...SPECIAL_4, ...SPECIAL_6]);
const global6 = listOf(GLOBAL_6);

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits ?? (isIP(address) === 6 ? 128 : 32)), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An address, or a range like 10.0.0.0/8. */
export function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return most > 0 && !more.length && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

/** One of the operator's: the name of a host, an address, or a range. */
export function isHostOrRange(text: string): boolean {
  const isAddress = isIP(text.split('/')[0] ?? '') !== 0;
  return isAddress ? isRange(text) && !text.includes('%') : /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text);
}

/**
 * @param allowed names, addresses and ranges that the operator allows beside the internet
 * @param resolving how names are resolved; by the system, unless a test says otherwise
 * @param machine the addresses of this machine, likewise
 */
export function egressOf(
  allowed: readonly string[],
  resolving: typeof resolve = resolve,
  machine: () => readonly string[] = ownAddresses,
): Egress {
  const names = new Set(allowed.map((one) => nameOf(one)));
  const ranges = listOf(allowed.filter((one) => isIP(one.split('/')[0] ?? '') !== 0));
  // From within, this machine's own address leads past the firewall before it.
  const isNamed = (name: string, address: string) => names.has(name) || ranges.check(address, familyOf(address));
  const isOpen = (name: string, address: string) =>
    isNamed(name, address) || (isGlobal(address) && !machine().includes(address));
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolving(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const open = found.filter(({ address }) => isOpen(nameOf(hostname), address));
      const [first] = open;
      if (!first) return callback(new EgressRefused(hostname), []);
      if (options.all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
  return {
    to: (host) => {
      const name = nameOf(host);
      // Node asks a lookup for names alone.
      if (isIP(name) && !isOpen(name, name.replace(/%.*$/, ''))) throw new EgressRefused(name);
      return { lookup };
    },
    names: (host) => {
      const name = nameOf(host);
      return isIP(name) ? isNamed(name, name.replace(/%.*$/, '')) : names.has(name);
    },
  };
}

/**
 * What is wrong with an address to which a firm wants something sent, as far as it can be said without asking anybody: the end of a
 * sentence. Without TLS something is sent to hosts alone that the operator names, for tries on one's own machine.
 */
export function addressFault(egress: Egress, { protocol, hostname }: URL): string | null {
  if (protocol !== 'https:' && !(protocol === 'http:' && egress.names(hostname))) return 'must begin with https://';
  try {
    egress.to(hostname);
    return null;
  } catch {
    return 'is not on the internet';
  }
}

function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function isGlobal(address: string): boolean {
  const family = familyOf(address);
  return !special.check(address, family) && (family === 'ipv4' || global6.check(address, family));
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}

const plain = buildConnector({});
/** One for all that goes one way out: it keeps the TLS sessions with which a host that is known is greeted sooner. */
const guarded = new WeakMap<Egress, buildConnector.connector>();

/**
 * What requests of undici are sent by, redirects and all.
 * @param egress missing for what the operator names
 */
export function agentOf(egress: Egress | undefined): Agent {
  if (!egress) return new Agent({ connect: plain });
  return new Agent({
    connect: (options, callback) => {
      try {
        // Judged for each connection: an address here, a name by the lookup, which is the same for all hosts.
        const way = egress.to(options.hostname);
        const connect = guarded.get(egress) ?? buildConnector(way);
        guarded.set(egress, connect);
        connect(options, callback);
      } catch (error) {
        callback(error as Error, null);
      }
    },
  });
}
