import { randomBytes } from 'node:crypto';
import type { Context } from './context.ts';
import { DomainError } from './errors.ts';
import type { Secrets, WrappedKey } from './secrets.ts';

/**
 * The key of the open firm, under which what only it may use is sealed; made when it is first asked for.
 * @throws DomainError unavailable when no secret of this process opens it
 */
export async function firmKey({ sql, secrets, actor }: Pick<Context, 'sql' | 'secrets' | 'actor'>): Promise<Buffer> {
  const about = aboutOf(actor.tenantId);
  const copies = async (made: readonly WrappedKey[]) =>
    sql<WrappedKey>`select secret_id as "secretId", wrapped from parley_firm_key(${JSON.stringify(made.map(asText))}::jsonb)`;
  const there = await copies([]);
  const all = there.length ? there : await copies(secrets.wrapKey(randomBytes(32), about));
  const key = secrets.unwrapKey(all, about);
  if (!key)
    throw new DomainError(
      'unavailable',
      'What this firm has sealed cannot be opened: it was sealed under another PARLEY_SECRET. Set that one as PARLEY_SECRET_PREVIOUS.',
    );
  return key;
}

const aboutOf = (tenantId: string) => `key of the firm ${tenantId}`;
const asText = ({ secretId, wrapped }: WrappedKey) => ({ secretId, wrapped: wrapped.toString('base64') });

/** The owner of the tables, who may become the gate. */
interface Owner {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/**
 * Gives each firm's key a copy for each of the secrets, and takes away those of secrets that are given up. A key that none
 * of them opens is left as it is, unless its secret is lost: then what was sealed under it goes, to be connected anew.
 * @returns how many firms' keys no secret opens
 */
export async function rewrapFirmKeys(owner: Owner, secrets: Secrets, { lost = false } = {}): Promise<number> {
  await owner.query('begin');
  try {
    // The owner of the tables is held by their policies too; the gate reads all firms.
    await owner.query('set local role parley_gate');
    const { rows } = await owner.query(
      `select tenant_id as "tenantId", jsonb_object_agg(secret_id, encode(wrapped, 'base64')) as copies from firm_key group by 1`,
    );
    const closed: string[] = [];
    for (const { tenantId, copies } of rows)
      if (!(await rewrap(owner, secrets, String(tenantId), copies as Record<string, string>)))
        closed.push(String(tenantId));
    if (lost) for (const tenantId of closed) await giveUp(owner, tenantId);
    await owner.query('commit');
    return closed.length;
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
}

const LOST = 'What this account is reached with was sealed under a PARLEY_SECRET that is lost. Connect it again.';

async function giveUp(owner: Owner, tenantId: string): Promise<void> {
  await owner.query(
    `update connection c set status = 'revoked', fault = $2, version = version + 1
     where tenant_id = $1 and exists (select from credentials s where s.tenant_id = c.tenant_id and s.connection_id = c.id)`,
    [tenantId, LOST],
  );
  await owner.query('delete from credentials where tenant_id = $1', [tenantId]);
  await owner.query('delete from firm_key where tenant_id = $1', [tenantId]);
}

async function rewrap(
  owner: Owner,
  secrets: Secrets,
  tenantId: string,
  copies: Record<string, string>,
): Promise<boolean> {
  const about = aboutOf(tenantId);
  const there = Object.entries(copies).map(([secretId, text]) => ({ secretId, wrapped: Buffer.from(text, 'base64') }));
  const key = secrets.unwrapKey(there, about);
  if (!key) return false;
  const wanted = secrets.wrapKey(key, about);
  for (const { secretId, wrapped } of wanted)
    await owner.query(
      'insert into firm_key (tenant_id, secret_id, wrapped) values ($1, $2, $3) on conflict (tenant_id, secret_id) do nothing',
      [tenantId, secretId, wrapped],
    );
  await owner.query('delete from firm_key where tenant_id = $1 and secret_id <> all ($2)', [
    tenantId,
    wanted.map(({ secretId }) => secretId),
  ]);
  return true;
}
