import { writeFile } from 'node:fs/promises';
import { attachmentsOf } from '../bots/email/attachments.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { KeptDelivery } from '../core/kernel/inbox-read.ts';
import { readBody, readDelivery } from '../core/kernel/inbox-read.ts';
import type { Terminal } from './terminal.ts';

/** Prints one delivery: who sent it, what became of it, and the files that came with it. */
export async function showDelivery(terminal: Terminal, id: string): Promise<number> {
  const { source, kind, status, outcome, headers, receivedAt } = await stored(terminal, id);
  terminal.print(`${receivedAt.toISOString()}  ${source} ${kind}  ${status}${outcome ? `: ${outcome}` : ''}`);
  for (const [name, value] of Object.entries(headers)) terminal.print(`  ${name}: ${value}`);
  const files = source === 'email' ? await filesOf(terminal, id) : [];
  for (const [index, { name, size }] of files.entries()) terminal.print(`  file ${index + 1}: ${name} (${size} bytes)`);
  if (files.length) terminal.print(`They are not scanned. To take one out: inbox attachment ${id} <number> <path>`);
  return 0;
}

/** Writes a file of a stored mail to a path that does not exist yet. */
export async function takeAttachment(terminal: Terminal, id: string, number: string, path: string): Promise<number> {
  await stored(terminal, id);
  const files = await filesOf(terminal, id);
  const file = files[Number(number) - 1];
  if (!file) throw new DomainError('not_found', `This delivery has ${files.length} files; there is no file ${number}.`);
  await writeFile(path, file.content, { flag: 'wx', mode: 0o600 });
  terminal.print(`${file.name} is in ${path} (${file.size} bytes). It was not scanned.`);
  return 0;
}

async function stored(terminal: Terminal, id: string): Promise<KeptDelivery> {
  const delivery = await readDelivery(terminal.app, await terminal.tenantId(), id);
  if (!delivery) throw new DomainError('not_found', `There is no delivery ${id} in this firm's inbox.`);
  return delivery;
}

async function filesOf(terminal: Terminal, id: string) {
  return attachmentsOf(await readBody(terminal.app, await terminal.tenantId(), id));
}
