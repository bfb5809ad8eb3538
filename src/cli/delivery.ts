import { writeFile } from 'node:fs/promises';
import { attachmentsOf } from '../bots/email/attachments.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Terminal } from './terminal.ts';

interface Stored {
  source: string;
  kind: string;
  status: string;
  outcome: string | null;
  headers: Record<string, string>;
  body: Buffer;
  received_at: Date;
}

/** Prints one delivery: who sent it, what became of it, and the files that came with it. */
export async function showDelivery(terminal: Terminal, id: string): Promise<number> {
  const { source, kind, status, outcome, headers, body, received_at: at } = await stored(terminal, id);
  terminal.print(`${at.toISOString()}  ${source} ${kind}  ${status}${outcome ? `: ${outcome}` : ''}`);
  for (const [name, value] of Object.entries(headers)) terminal.print(`  ${name}: ${value}`);
  const files = source === 'email' ? await attachmentsOf(body) : [];
  for (const [index, { name, size }] of files.entries()) terminal.print(`  file ${index + 1}: ${name} (${size} bytes)`);
  if (files.length) terminal.print(`They are not scanned. To take one out: inbox attachment ${id} <number> <path>`);
  return 0;
}

/** Writes a file of a stored mail to a path that does not exist yet. */
export async function takeAttachment(terminal: Terminal, id: string, number: string, path: string): Promise<number> {
  const files = await attachmentsOf((await stored(terminal, id)).body);
  const file = files[Number(number) - 1];
  if (!file) throw new DomainError('not_found', `This delivery has ${files.length} files; there is no file ${number}.`);
  await writeFile(path, file.content, { flag: 'wx', mode: 0o600 });
  terminal.print(`${file.name} is in ${path} (${file.size} bytes). It was not scanned.`);
  return 0;
}

async function stored(terminal: Terminal, id: string): Promise<Stored> {
  const tenantId = await terminal.tenantId();
  const [row] = await withActor(
    terminal.app,
    { kind: 'system', tenantId, reason: 'quarantine desk' },
    ({ sql }) => sql<Stored & Record<string, unknown>>`
      select source, kind, status, outcome, headers, body, received_at from inbox
      where tenant_id = ${tenantId} and id::text = ${id}`,
  );
  if (!row) throw new DomainError('not_found', `There is no delivery ${id} in this firm's inbox.`);
  return row;
}
