/** The floor of a webhook: bare Express that checks the signature and inserts the same row with plain pg. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import express from 'express';
import pg from 'pg';
import type { BenchFirm } from '../firm.ts';

const firm = JSON.parse(process.env.BENCH_FIRM ?? '{}') as BenchFirm;
const secret = process.env.JIRA_WEBHOOK_SECRET ?? '';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
const web = express();

web.get('/healthz', (_request, response) => void response.send('ok'));
web.post('/webhooks/jira/:account', express.raw({ type: () => true, limit: '5mb' }), async (request, response) => {
  const body = request.body as Buffer;
  const given = Buffer.from(request.get('x-hub-signature') ?? '');
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return void response.sendStatus(401);
  const payload = JSON.parse(body.toString('utf8')) as { webhookEvent: string; comment: { id: string } };
  await pool.query(
    `insert into inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status)
     values ($1, $2, 'jira', $3, $4, $5, $6, $7, 'waiting') on conflict do nothing`,
    [
      firm.tenantId,
      randomUUID(),
      request.params.account,
      `${payload.webhookEvent}:${payload.comment.id}`,
      payload.webhookEvent,
      { 'content-type': request.get('content-type'), 'user-agent': request.get('user-agent') },
      body,
    ],
  );
  response.json({ status: 'stored' });
});
web.listen(Number(process.env.PORT), '127.0.0.1');
