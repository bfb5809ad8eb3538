import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import type { Who } from '../core/kernel/actor.ts';
import { wrong } from '../core/kernel/faults.ts';
import type { App, Registry } from '../core/kernel/registry.ts';
import { readView } from '../core/kernel/registry.ts';
import type { AnyView } from '../core/kernel/view.ts';

type Data = Readonly<Record<string, unknown>>;

/** What a view is asked. @throws DomainError invalid where something is said twice */
export function askedIn(request: Request): Record<string, string> {
  const given = [...new URL(request.originalUrl, 'http://api').searchParams];
  const asked = Object.fromEntries(given);
  const [twice] = given.find(([name], index) => given.findIndex(([other]) => other === name) !== index) ?? [];
  if (twice !== undefined) throw wrong({ [twice]: 'is said twice' });
  return asked;
}

/**
 * The data of a view as JSON, by its own schema: what that does not name is not there. `fields` leaves the rest out.
 * @throws DomainError
 */
export async function readFor(
  app: App,
  who: Who,
  { name: target, output, list }: AnyView,
  { fields, ...input }: Record<string, string>,
): Promise<Data> {
  const data = z.encode(output, await readView(app, who, { target, input })) as Data;
  if (fields === undefined) return data;
  const names = fields.split(',').map((name) => name.trim());
  if (!list) return pick(data, names);
  return { ...data, items: (data.items as Data[]).map((item) => pick(item, names)) };
}

function pick(data: Data, names: readonly string[]): Data {
  const none = names.find((name) => !Object.hasOwn(data, name));
  if (none !== undefined)
    throw wrong({ fields: `there is no field ${none.slice(0, 40)}: the fields are ${Object.keys(data).join(', ')}` });
  return Object.fromEntries(names.map((name) => [name, data[name]]));
}

/** Names what was read, by its content as it is sent; where it is one thing, by its version as well. */
export function tagOf({ things }: Registry, { name }: AnyView, data: Data, text: string): string {
  const thing = [...things.values()].find(({ show }) => show === name);
  const { version } = (thing && (data[thing.name] as { version?: number } | undefined)) ?? {};
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return version === undefined ? `"${digest}"` : `"v${version}.${digest}"`;
}

/** Does whoever asks have this already? What their caches may keep (`no-cache`, which some clients add) is another question. */
export function has(request: Request, tag: string): boolean {
  const known = (request.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(tag);
}

/** The version that an `If-Match` of ours names; null for another tag. */
export function versionIn(tag: string): number | null {
  const [, version] = /^"v(\d{1,9})\.[\w-]{22}"$/.exec(tag.trim()) ?? [];
  return version === undefined ? null : Number(version);
}
