import type { Sql } from '../core/kernel/db.ts';
import { LEASE_SECONDS, RetryLater } from '../core/kernel/jobs.ts';

/** The right to draw one posted card again. Two who draw it at once could leave the older of two states on it. */
export interface Drawing {
  cardId: string;
  /** When it was begun, as the database writes it: the token of whoever holds it. */
  since: string;
}

/** Seconds after which whoever draws a card may have died; then it is not left to them alone. */
const DOUBTFUL_SECONDS = 5;

/**
 * Takes a posted card to draw it. Whoever draws it already is asked to do so once more, and null comes back.
 * @throws RetryLater when whoever draws it may have died, and can be asked for nothing
 */
export async function beginDrawing(sql: Sql, tenantId: string, cardId: string): Promise<Drawing | null> {
  const [card] = await sql<{ free: boolean; doubtful: boolean; since: string }>`
    with before as (
      select id, drawing_since is null or drawing_since < now() - make_interval(secs => ${LEASE_SECONDS}) as free,
        drawing_since < now() - make_interval(secs => ${DOUBTFUL_SECONDS}) as doubtful
      from posted_card where tenant_id = ${tenantId} and id = ${cardId} and state = 'posted' and ref is not null for update)
    update posted_card p set
      drawing_since = case when b.free then now() else p.drawing_since end,
      draw_again = not b.free
    from before b where p.tenant_id = ${tenantId} and p.id = b.id returning b.free, b.doubtful, p.drawing_since::text as since`;
  if (card?.free) return { cardId, since: card.since };
  if (card?.doubtful) throw new RetryLater(2, 'whoever draws this card may have died');
  return null;
}

/**
 * Notes what the card shows now, and gives it back unless somebody asked meanwhile to have it drawn again.
 * @returns the drawing to go on with, or null when there is nothing more to draw
 */
export async function endDrawing(
  sql: Sql,
  tenantId: string,
  { cardId, since }: Drawing,
  hash: string,
): Promise<Drawing | null> {
  const [card] = await sql<{ since: string | null }>`
    with before as (
      select id, draw_again from posted_card
      where tenant_id = ${tenantId} and id = ${cardId} and drawing_since = ${since}::timestamptz for update)
    update posted_card p set
      drawing_since = case when b.draw_again then now() end,
      draw_again = false,
      updated_at = case when p.render_hash is distinct from ${hash} then now() else p.updated_at end,
      render_hash = ${hash}, error = null
    from before b where p.tenant_id = ${tenantId} and p.id = b.id returning p.drawing_since::text as since`;
  return card?.since ? { cardId, since: card.since } : null;
}

/** Gives a card back that could not be drawn; the queue tries again. */
export async function giveUpDrawing(sql: Sql, tenantId: string, { cardId, since }: Drawing): Promise<void> {
  await sql`update posted_card set drawing_since = null, draw_again = false
    where tenant_id = ${tenantId} and id = ${cardId} and drawing_since = ${since}::timestamptz`;
}
