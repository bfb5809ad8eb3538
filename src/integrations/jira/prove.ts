import { randomBytes } from 'node:crypto';
import type { JiraConfig } from '../../config.ts';
import type { AccountTyped, Proof, ProvingTools } from '../../core/kernel/account-form.ts';
import type { Block } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import { jiraClient } from './client.ts';
import { JiraCredentials } from './credentials.ts';
import { tokenSite } from './site.ts';
import { JiraRefusal } from './transport.ts';

/**
 * Asks a site who signs in with what was typed, and whether the project is there: a token that works is the proof that the
 * site is theirs.
 */
export async function proveSite(typed: AccountTyped, tools: ProvingTools): Promise<Proof<JiraConfig>> {
  const { email = '', apiToken = '', project = '' } = typed;
  const { host, origin } = new URL(typed.baseUrl ?? '');
  await signIn({ baseUrl: origin, email, apiToken, project }, tools);
  const before = JiraCredentials.safeParse(await tools.credentialsOf(host)).data;
  const kept = before && 'webhookSecret' in before ? before.webhookSecret : null;
  const made = typed.webhookSecret || kept ? null : randomBytes(32).toString('base64url');
  const webhookSecret = typed.webhookSecret ?? kept ?? made ?? '';
  return {
    account: host,
    name: null,
    credentials: { baseUrl: origin, email, apiToken, project, webhookSecret },
    told: webhookIn(`${tools.publicUrl}/webhooks/jira/${host}`, made),
  };
}

/** What is typed into Jira, so that it tells of changes at once. A secret that the hub made is shown this once. */
function webhookIn(url: string, made: string | null): Block[] {
  const facts = [{ label: 'URL', value: url }, ...(made ? [{ label: 'Secret', value: made }] : [])];
  const secret = made ? 'The secret is shown this once.' : 'The secret is the one that you chose.';
  return [
    {
      kind: 'text',
      text: `So that Jira tells of changes at once, add a webhook there (Settings, System, WebHooks) for issues and comments. ${secret} Until then Parley asks every ten minutes.`,
    },
    { kind: 'facts', facts },
  ];
}

type Site = Pick<JiraConfig, 'baseUrl' | 'email' | 'apiToken' | 'project'>;

async function signIn({ project, ...site }: Site, { clock, egress }: ProvingTools): Promise<void> {
  const jira = jiraClient(tokenSite(site, egress), clock);
  try {
    await jira.me();
    if (await jira.hasProject(project)) return;
  } catch (error) {
    throw faultOf(error);
  } finally {
    jira.close();
  }
  throw beside('project', 'is not there for this account. Check the key, and whether the account may see the project.');
}

/**
 * What the site answered, as a sentence beside the field that mends it. Nothing that it wrote is repeated, and one that may not be
 * reached is told of in the words for one that does not answer.
 */
function faultOf(error: unknown): DomainError {
  const status = error instanceof JiraRefusal ? error.status : 0;
  if (status === 401)
    return beside('apiToken', 'is not accepted for that e-mail. Make a new one, and copy the whole of it.');
  if (status === 403)
    return beside('email', 'may not use this Jira. Give the account access to it, or use another one.');
  return beside(
    'baseUrl',
    'does not answer as a Jira site does. Check the address, or try again in a minute. In a private network, ask whoever runs the hub to allow it.',
  );
}

function beside(field: string, say: string): DomainError {
  return new DomainError('invalid', say, { fields: { [field]: say } });
}
