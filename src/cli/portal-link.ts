import { randomUUID } from 'node:crypto';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { signSignIn } from '../core/kernel/links.ts';
import { SIGN_IN_SECONDS } from '../core/kernel/session-life.ts';
import { holderOf } from '../core/people/index.ts';
import type { Terminal } from './terminal.ts';

/** Prints a link that signs a person in to the portal, once: where no mail is sent, and for whoever runs the hub and is locked out. */
export async function portalLink(terminal: Terminal, [email]: string[]): Promise<number> {
  if (!email) {
    console.error('Say whose: portal-link <mail address>');
    return 2;
  }
  const { app } = terminal;
  const tenantId = await terminal.tenantId();
  const who = { kind: 'system', tenantId, reason: 'command line' } as const;
  const found = await withActor(app, who, async (context) => {
    const person = await holderOf(context, email);
    return person && { person: person.id, now: context.now };
  });
  if (!found) throw new DomainError('not_found', `Nobody who has access was invited as ${email}.`);
  const expires = Math.floor(found.now.getTime() / 1000) + SIGN_IN_SECONDS;
  const link = {
    tenantId,
    personId: found.person,
    id: randomUUID(),
    shown: 'terminal',
    browser: '',
    back: '',
    expires,
  } as const;
  terminal.print(`${app.publicUrl}/sign-in/${signSignIn(app.secrets, link)}`);
  console.error(`It signs ${email} in, once, within ten minutes. Give it to nobody else.`);
  return 0;
}
