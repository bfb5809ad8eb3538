import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const Healthcheck = z.object({
  test: z.array(z.string()).optional(),
  retries: z.number().optional(),
  disable: z.boolean().optional(),
});
const Service = z.object({
  image: z.string(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: Healthcheck.optional(),
  /** Docker's own default is ten seconds. */
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .default('10s'),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const Compose = z.object({ services: z.record(z.string(), Service) });

export type Service = z.infer<typeof Service>;

/**
 * The services of a compose file with their settings filled in.
 * @throws Error with the file's own words where a setting without a default is missing
 */
export function readCompose(path: string, settings: Readonly<Record<string, string>>): Record<string, Service> {
  return Compose.parse(parse(filledIn(readFileSync(path, 'utf8'), settings), { merge: true })).services;
}

const SETTING = /\$\{(?<name>\w+)(?::(?<kind>[-?])(?<rest>[^}]*))?\}/g;

/** Puts settings in the place of ${NAME}, ${NAME:-default} and ${NAME:?why it is needed}. */
export function filledIn(text: string, settings: Readonly<Record<string, string>>): string {
  return text.replaceAll(SETTING, (...match) => {
    const { name = '', kind, rest = '' } = match.at(-1) as Partial<Record<string, string>>;
    const value = settings[name];
    if (value) return value;
    if (kind === '?') throw new Error(`${name} is missing: ${rest}`);
    return kind === '-' ? rest : '';
  });
}

/** How long the service may take to stop, in milliseconds. */
export function graceOf({ stop_grace_period }: Service): number {
  return Number.parseInt(stop_grace_period, 10) * 1_000;
}
