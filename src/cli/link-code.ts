import { randomUUID } from 'node:crypto';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import { holderOf } from '../core/people/index.ts';
import type { Terminal } from './terminal.ts';

/** Makes a code with which a person links a chat account, and prints it: where no mail is sent, and for the first administrator. */
export async function linkCode(terminal: Terminal, [email]: string[]): Promise<number> {
  if (!email) {
    console.error('Say whose: link-code <mail address>');
    return 2;
  }
  const who = { kind: 'system', tenantId: await terminal.tenantId(), reason: 'command line' } as const;
  const person = await withActor(terminal.app, who, (context) => holderOf(context, email));
  if (!person)
    throw new DomainError(
      'not_found',
      `Nobody who has access was invited as ${email}. Add them first, then ask again.`,
    );
  const request = { name: 'identity.issue-code', input: { person: person.id }, requestId: `cli ${randomUUID()}` };
  const { output } = await runCommand(terminal.app, who, request);
  const { link } = output as { link: string };
  const { title, blocks } = await showView(terminal.app, who, { target: 'identity.issued-code', input: { link } });
  terminal.print([title, ...blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : []))].join('\n'));
  return 0;
}
