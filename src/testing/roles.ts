import type { Module, Who } from '../core/kernel/actor.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { asOwner } from './database.ts';
import type { TestClient, TestFirm } from './firm.ts';
import { as } from './firm.ts';

/** The roles of the permission matrix: everybody who may ask for something of a firm's client. */
export type RoleName =
  | 'admin'
  | 'partner'
  | 'member'
  | 'client admin'
  | 'approver'
  | 'viewer'
  | 'feedback'
  | 'other client'
  | 'client room'
  | 'triage room'
  | 'connector'
  | 'system';

/** Each role as somebody of this firm; the contacts are of this client. */
export function rolesOf(firm: TestFirm, client: TestClient = firm.acme): Readonly<Record<RoleName, Who>> {
  const { tenantId } = firm;
  const other = client === firm.acme ? firm.globex : firm.acme;
  return {
    admin: as(firm, firm.admin),
    partner: as(firm, firm.partner),
    member: as(firm, firm.member),
    'client admin': as(firm, client.clientAdmin),
    approver: as(firm, client.approver),
    viewer: as(firm, client.viewer),
    feedback: as(firm, client.feedback),
    'other client': as(firm, other.clientAdmin),
    'client room': { kind: 'audience', tenantId, roomId: client.room },
    'triage room': { kind: 'audience', tenantId, roomId: firm.triageRoom },
    connector: { kind: 'integration', tenantId, connector: 'jira', account: 'x' },
    system: { kind: 'system', tenantId, reason: 'test' },
  };
}

/** May this actor? By the command's own load and policy, in a transaction that writes nothing. */
export async function may(app: App, command: AnyCommand, who: Who, input: unknown): Promise<'yes' | 'no' | 'hidden'> {
  return withActor(app, who, async (context) => {
    const subject = await command.load(context, input);
    if (subject === null) return 'hidden' as const;
    return command.policy(context.actor, subject) && who.kind !== 'audience' ? ('yes' as const) : ('no' as const);
  }).catch((error: unknown) => {
    // What the actor's database role may not even lock.
    if (error instanceof DomainError && error.code === 'forbidden') return 'no' as const;
    throw error;
  });
}

/** Does something while a person's own rights say `none` of a module. */
export async function withoutModule<T>(app: App, who: Who, module: Module, work: () => Promise<T>): Promise<T> {
  const set = (grants: object) =>
    asOwner(app.database)('update person set grants = $1 where id = $2', [
      JSON.stringify(grants),
      who.kind === 'person' ? who.personId : null,
    ]);
  await set({ [module]: 'none' });
  try {
    return await work();
  } finally {
    await set({});
  }
}
