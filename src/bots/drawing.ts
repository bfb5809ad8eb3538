import type { Sql } from '../core/kernel/db.ts';
import { LEASE_SECONDS } from '../core/kernel/jobs.ts';

/** The right to draw one posted card again. Two who draw it at once could leave the older of two states on it. */
export interface Drawing {
  cardId: string;
  /** When it was begun, as the database writes it: the token of whoever holds it. */
  since: string;
}

/** Takes a posted card to draw it. Whoever draws it already is asked to do so once more, and null comes back. */
export async function beginDrawing(sql: Sql, tenantId: string, cardId: string): Promise<Drawing | null> {
  const [card] = await sql<{ free: boolean; since: string }>`
    with before as (
      select id, drawing_since is null or drawing_since < now() - make_interval(secs => ${LEASE_SECONDS}) as free
      from posted_card where tenant_id = ${tenantId} and id = ${cardId} and state = 'posted' and ref is not null for update)
    update posted_card p set
      drawing_since = case when b.free then now() else p.drawing_since end,
      draw_again = not b.free
    from before b where p.tenant_id = ${tenantId} and p.id = b.id returning b.free, p.drawing_since::text as since`;
  return card?.free ? { cardId, since: card.since } : null;
}

/**
 * Notes what the card shows now, and gives it back unless somebody asked meanwhile to have it drawn again.
 * @returns true when it is to be drawn again
 */
export async function endDrawing(
  sql: Sql,
  tenantId: string,
  { cardId, since }: Drawing,
  hash: string,
): Promise<boolean> {
  const [card] = await sql<{ again: boolean }>`
    with before as (
      select id, draw_again from posted_card
      where tenant_id = ${tenantId} and id = ${cardId} and drawing_since = ${since}::timestamptz for update)
    update posted_card p set
      drawing_since = case when b.draw_again then p.drawing_since end,
      draw_again = false,
      updated_at = case when p.render_hash is distinct from ${hash} then now() else p.updated_at end,
      render_hash = ${hash}, error = null
    from before b where p.tenant_id = ${tenantId} and p.id = b.id returning b.draw_again as again`;
  return card?.again ?? false;
}

/** Gives a card back that could not be drawn; the queue tries again. */
export async function giveUpDrawing(sql: Sql, tenantId: string, { cardId, since }: Drawing): Promise<void> {
  await sql`update posted_card set drawing_since = null, draw_again = false
    where tenant_id = ${tenantId} and id = ${cardId} and drawing_since = ${since}::timestamptz`;
}
