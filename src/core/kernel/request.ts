import type { Kernel } from './context.ts';
import { withActor } from './context.ts';

/** What a request was answered with when it was done, whoever asked; null while it was not. */
export async function readRequest(
  kernel: Kernel,
  tenantId: string,
  requestId: string,
): Promise<{ command: string; outcome: unknown } | null> {
  const who = { kind: 'system', tenantId, reason: 'looking for what was done' } as const;
  return withActor(kernel, who, async ({ sql }) => {
    const [row] = await sql<{ command: string; outcome: unknown }>`
      select command, outcome from request where tenant_id = ${tenantId} and request_id = ${requestId} and outcome is not null`;
    return row ?? null;
  });
}
