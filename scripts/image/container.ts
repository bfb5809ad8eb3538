import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { z } from 'zod';
import type { Service } from './compose.ts';
import type { Network } from './network.ts';

/** An image whose files stand in a folder here, and what its builder wrote beside them. */
export interface Image {
  tree: string;
  user: string;
  folder: string;
  env: string[];
  command: string[];
  healthcheck: string[];
}

const Config = z.object({
  User: z.string(),
  WorkingDir: z.string(),
  Env: z.array(z.string()),
  Cmd: z.array(z.string()),
  Healthcheck: z.object({ Test: z.array(z.string()) }),
});
const Inspected = z.object({ Docker: z.object({ config: Config }) });

/** Lays the image's files out in a folder. @param storage where `scripts/build-image.sh` put it */
export function openImage(storage: string, run: string, name: string): Image {
  const buildah = (...args: string[]) =>
    execFileSync('buildah', ['--root', storage, '--runroot', run, '--storage-driver', 'vfs', ...args], {
      encoding: 'utf8',
    }).trim();
  const { config } = Inspected.parse(JSON.parse(buildah('inspect', '--type', 'image', name))).Docker;
  const tree = buildah('mount', buildah('from', '--pull-never', name));
  return {
    tree,
    user: config.User,
    folder: config.WorkingDir,
    env: config.Env,
    command: config.Cmd,
    healthcheck: config.Healthcheck.Test,
  };
}

// Mounts are private to the process and end with it. `exec` all the way down: a signal reaches Node itself.
const ENTER = `
mount --make-rprivate /
mount --bind "$TREE" "$TREE"
mount --bind "$FILES" "$TREE/data"
mount --bind "$HOSTS" "$TREE/etc/hosts"
mount --rbind /dev "$TREE/dev"
mount -t proc proc "$TREE/proc"
for folder in $TMPFS; do mount -t tmpfs tmpfs "$TREE$folder"; done
if [ "$READ_ONLY" = true ]; then mount -o remount,bind,ro "$TREE"; fi
exec setpriv --no-new-privs --bounding-set=-all,+sys_chroot,+setuid,+setgid -- \\
  chroot --userspec="$AS" "$TREE" /usr/bin/env --ignore-environment --chdir="$FOLDER" "$@"`;

/** What all containers of the check share: the image, the network, the volume `files`, the names of the services. */
export interface Host {
  image: Image;
  network: Network;
  files: string;
  hosts: string;
}

/**
 * Starts a program of the image as compose starts it: its user, its settings alone, a root that cannot be written, no
 * capability and none to gain.
 */
export function runIn(host: Host, name: string, service: Service, program = service.command): ChildProcess {
  const { image, network } = host;
  const mayGain = !service.security_opt.includes('no-new-privileges:true') || !service.cap_drop.includes('ALL');
  if (mayGain) throw new Error(`${name} may gain privileges: compose.yaml is to say cap_drop and no-new-privileges.`);
  const settings = Object.entries({
    // Ends with the run of CI that it belongs to, whatever happens.
    ...(process.env.PARLEY_CI_RUN ? { PARLEY_CI_RUN: process.env.PARLEY_CI_RUN } : {}),
    ...service.environment,
  }).map(([key, value]) => `${key}=${value}`);
  const [enter = '', ...rest] = network.enter(name);
  const shell = ['unshare', '--mount', 'sh', '-euc', ENTER, 'enter'];
  return spawn(enter, [...rest, ...shell, ...image.env, ...settings, ...program], {
    env: {
      PATH: process.env.PATH,
      TREE: image.tree,
      FILES: host.files,
      HOSTS: host.hosts,
      TMPFS: service.tmpfs.join(' '),
      READ_ONLY: String(service.read_only),
      AS: `${image.user}:${image.user}`,
      FOLDER: image.folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The health check that the image or compose names; true when it succeeds once before the time is over. */
export async function becomesHealthy(host: Host, name: string, service: Service, seconds: number): Promise<boolean> {
  const [kind, ...program] = service.healthcheck?.test ?? host.image.healthcheck;
  if (kind !== 'CMD') throw new Error(`The health check of ${name} is not a plain command: ${kind}`);
  const until = Date.now() + seconds * 1_000;
  while (Date.now() < until) {
    const child = runIn(host, name, service, program);
    if ((await new Promise((resolve) => child.once('exit', resolve))) === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}
