import type pg from 'pg';

/** The clock of everything that is kept for a time, past its life; and of what is kept for good, so that it shows that it stays. */
const AGED = [
  // Half of the cards become those of rooms that were unbound.
  `update posted_card set state = 'gone' where state = 'posted' and get_byte(uuid_send(id), 15) % 2 = 0`,
  `update posted_card set created_at = created_at - interval '91 days', updated_at = updated_at - interval '91 days'`,
  `update request set at = at - interval '91 days'`,
  // Half of the deliveries are old enough to lose their bodies, the other half to go.
  `update inbox set received_at = received_at - case when get_byte(uuid_send(id), 15) % 2 = 0 then interval '31 days' else interval '91 days' end`,
  `update event set at = at - interval '9 years'`,
  `update audit set at = at - interval '9 years'`,
  `update pgboss.job set created_on = created_on - interval '2 hours', started_on = started_on - interval '2 hours',
     completed_on = completed_on - interval '2 hours', keep_until = keep_until - interval '2 hours'`,
];

export async function ageAll(owner: pg.Pool): Promise<void> {
  for (const statement of AGED) await owner.query(statement);
}

/** Rows whose declared life is over and that are there all the same. */
export async function leftOver(owner: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await owner.query(`
    select (select count(*)::int from request where at < now() - interval '90 days') as request,
      (select count(*)::int from inbox where status in ('applied', 'duplicate') and received_at < now() - interval '90 days') as inbox,
      (select count(*)::int from inbox where status = 'applied' and body <> '' and received_at < now() - interval '30 days') as "inbox bodies",
      (select count(*)::int from posted_card where state = 'gone' and updated_at < now() - interval '90 days') as posted_card,
      (select count(*)::int from pgboss.job where state = 'completed' and completed_on < now() - interval '1 hour') as pgboss`);
  return rows[0] as Record<string, number>;
}
