import { z } from 'zod';
import { instant } from '../kernel/instant.ts';

/** An account of a tool as people see it: never with what it is reached with. */
export const Connection = z.strictObject({
  id: z.uuid().describe('The connection’s id'),
  tool: z.string().describe('The platform or tool, like slack or jira'),
  account: z.string().describe('The workspace, tenant, mailbox or site'),
  clientId: z.uuid().nullable().describe('The client whose account it is; null for the firm’s own'),
  name: z.string().nullable().describe('What the account is called there'),
  status: z.enum(['active', 'broken', 'revoked']).describe('Whether it works'),
  fault: z.string().nullable().describe('Why it does not work'),
  scopes: z.array(z.string()).describe('What we may do there'),
  lastSuccessAt: instant().nullable().describe('When it last worked'),
  expiresAt: instant().nullable().describe('When its credentials end'),
  version: z.int().describe('Counts every change of the connection'),
});
export type Connection = z.infer<typeof Connection>;

/** A code that was posted in an account. */
export const Posted = z.strictObject({
  tool: z.string(),
  account: z.string(),
  called: z.string().describe('The account in a sentence'),
  by: z.string().nullable().describe('What whoever posted it calls themselves there; never a proof'),
  externalId: z.string().describe('What the platform calls them'),
  place: z.string().nullable().describe('The channel in which it was posted; null for a chat with Parley alone'),
  connection: z.uuid().describe('What it connected'),
  at: instant().describe('When it was posted'),
  madeBy: z.string().describe('The administrator whose code it was'),
  isLast: z.boolean().describe('No later code connected the same account'),
});
export type Posted = z.infer<typeof Posted>;

/** How a connection stands, as events and answers tell it. */
export const Facts = Connection.pick({ tool: true, account: true, status: true, version: true });

/** How tools are called in a sentence. */
export const TOOLS: Readonly<Record<string, string>> = {
  slack: 'Slack',
  teams: 'Microsoft Teams',
  discord: 'Discord',
  email: 'Mail',
  jira: 'Jira',
  stripe: 'Stripe',
};

/** What people call an account: by its own name where the tool says it. */
export function calledOf({ tool, account, name }: Pick<Connection, 'tool' | 'account' | 'name'>): string {
  return `${TOOLS[tool] ?? tool} ${name ?? account}`;
}
