import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { KeptFile, TakenFile } from '../kernel/files.ts';
import { firmKey } from '../kernel/firm-key.ts';
import { seal, unseal } from '../kernel/seal.ts';
import { there } from '../kernel/thing-definition.ts';
import type { ProvidedFile, Requirement } from './schema.ts';

/** What a file's key belongs to: it opens for nothing else. */
function aboutOf(file: string): string {
  return `key of the file ${file} of a requirement`;
}

/** Keeps what was sent for a requirement that was provided just now. */
export async function keepFiles(
  context: Context,
  after: Requirement,
  taken: readonly TakenFile[],
): Promise<ProvidedFile[]> {
  const { sql, actor, now, newId } = context;
  if (actor.kind !== 'person') throw new DomainError('forbidden', 'Only a person can do this.');
  const key = await firmKey(context);
  const kept: ProvidedFile[] = [];
  for (const [index, { stored, name, type, size, digest, scan, ...file }] of taken.entries()) {
    const id = newId();
    const sealed = seal(key, Buffer.from(file.key, 'base64url'), aboutOf(id));
    await sql`
      insert into requirement_file (tenant_id, id, requirement_id, client_id, project_id, round, place, name, type, size, digest, stored,
        sealed_key, scan, person_id, given_at)
      values (${actor.tenantId}, ${id}, ${after.id}, ${after.clientId}, ${after.projectId}, ${after.round}, ${index + 1}, ${name}, ${type},
        ${size}, ${digest}, ${stored}, ${sealed}, ${scan}, ${actor.personId}, ${now})`;
    kept.push({ id, name, type, size });
  }
  return kept;
}

/** A file that the actor may see, and of which requirement it is. */
export async function readFile(
  { sql, actor }: Context,
  id: string,
): Promise<(ProvidedFile & { requirement: string }) | null> {
  const [row] = await sql<ProvidedFile & { requirement: string }>`
    select id, name, type, size, requirement_id as requirement from requirement_file where tenant_id = ${actor.tenantId} and id = ${id}`;
  return row ? { ...row, size: Number(row.size) } : null;
}

/** Where it lies, with the key that opens it. @throws DomainError unavailable when the firm's key is another one by now */
export async function keptFile(context: Context, id: string): Promise<KeptFile> {
  const { sql, actor } = context;
  const [row] = await sql<Omit<KeptFile, 'key'> & { sealed: Buffer }>`
    select stored, name, type, size, scan, sealed_key as sealed from requirement_file where tenant_id = ${actor.tenantId} and id = ${id}`;
  const { sealed, ...file } = there(row);
  const key = unseal(await firmKey(context), sealed, aboutOf(id));
  if (!key) throw new DomainError('unavailable', 'This file cannot be opened any more. Ask for it once more.');
  return { ...file, size: Number(file.size), key };
}
