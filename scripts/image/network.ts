import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

/** The network of the services: the checker itself stands on the bridge. */
const HERE = '10.87.0.1';

/** A network namespace for each service, joined by a bridge, as compose joins its containers. */
export interface Network {
  addressOf(service: string): string;
  /** The command that puts a program into the service's network. */
  enter(service: string): string[];
}

/**
 * Builds the network inside the namespaces of this process, so that all of it ends with the process.
 * @param hosts the file of names to write; the containers find one another by it
 */
export function buildNetwork(services: readonly string[], hosts: string): Network {
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  // Names of networks are files there, and mounts of this process alone on top of them.
  mkdirSync('/run/netns', { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run/netns']);
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', 'parley', 'type', 'bridge');
  ip('address', 'add', `${HERE}/24`, 'dev', 'parley');
  ip('link', 'set', 'parley', 'up');
  const addresses = new Map(services.map((service, at) => [service, `10.87.0.${at + 2}`]));
  for (const [at, service] of services.entries()) {
    ip('netns', 'add', service);
    ip('link', 'add', `outer${at}`, 'type', 'veth', 'peer', 'name', `inner${at}`);
    ip('link', 'set', `inner${at}`, 'netns', service);
    ip('link', 'set', `outer${at}`, 'master', 'parley', 'up');
    for (const args of [
      ['address', 'add', `${addresses.get(service)}/24`, 'dev', `inner${at}`],
      ['link', 'set', `inner${at}`, 'up'],
      ['link', 'set', 'lo', 'up'],
    ])
      ip('-n', service, ...args);
  }
  const names = [...addresses].map(([service, address]) => `${address} ${service}`);
  writeFileSync(hosts, ['127.0.0.1 localhost', ...names, ''].join('\n'));
  return {
    addressOf: (service) => addresses.get(service) ?? '',
    enter: (service) => ['ip', 'netns', 'exec', service],
  };
}
