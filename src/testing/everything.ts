import { randomUUID } from 'node:crypto';
import type { Database } from '../core/kernel/db.ts';
import type { OwnerQuery } from './database.ts';
import { asOwner } from './database.ts';
import { fillTable } from './fill-table.ts';
import type { TestFirm } from './firm.ts';

/** Who and what the matrix needs besides the firm's own people. */
export interface Filled {
  /** Staff member assigned to both clients. */
  memberOfBoth: string;
  /** A contact of Acme who is a member of both of its projects. */
  viewerOfAll: string;
  /** A contact of Acme who views its first project and has the feedback-only role in the other. */
  viewerAndReporter: string;
  /** A room of Acme's first project that its contacts read, and one for the firm alone. */
  projectRoom: string;
  internalRoom: string;
  /** Of Acme's other project, and of its first. */
  cycle: string;
  ticket: string;
  cycleOfFirst: string;
}

/** Puts rows into every tenant table for both clients and both of their projects: what the isolation matrix looks for. */
export async function fillEveryTable(database: Database, firm: TestFirm): Promise<Filled> {
  const owner = asOwner(database);
  const t = firm.tenantId;
  const put = async (into: string, ...values: unknown[]) => {
    await owner(`insert into ${into} values (${values.map((_, index) => `$${index + 1}`).join(', ')})`, values);
  };
  const person = async (side: string, role: string, clientId: string | null) => {
    const id = randomUUID();
    await put(
      'person (tenant_id, id, side, client_id, name, timezone, role)',
      ...[t, id, side, clientId, role, 'Europe/Berlin', role],
    );
    return id;
  };
  const memberOfBoth = await person('staff', 'member', null);
  for (const client of [firm.acme, firm.globex])
    await put('assignment (tenant_id, person_id, client_id)', t, memberOfBoth, client.id);
  const viewerOfAll = await person('contact', 'client_member', firm.acme.id);
  const viewerAndReporter = await person('contact', 'client_member', firm.acme.id);
  for (const [who, project, role] of [
    [viewerOfAll, firm.acme.project, 'viewer'],
    [viewerOfAll, firm.acme.otherProject, 'viewer'],
    [viewerAndReporter, firm.acme.project, 'viewer'],
    [viewerAndReporter, firm.acme.otherProject, 'feedback'],
  ] as const)
    await put(
      'membership (tenant_id, client_id, project_id, person_id, role)',
      ...[t, firm.acme.id, project, who, role],
    );
  const projectRoom = randomUUID();
  await put(
    'room (tenant_id, client_id, project_id, id, channel, account, address, name, audience)',
    ...[t, firm.acme.id, firm.acme.project, projectRoom, 'teams', t, `19:${projectRoom}`, 'Website', 'client'],
  );
  const people = { memberOfBoth, viewerOfAll, viewerAndReporter };
  const filled: Filled = { ...people, projectRoom, internalRoom: '', cycle: '', ticket: '', cycleOfFirst: '' };
  let numbers = 1;
  await put('billing_party (tenant_id, id, details)', t, randomUUID(), '{"name": "Northwind"}');
  await put('quote_limit (tenant_id, amount, by_name)', t, 10_000, 'Ada');
  for (const client of [firm.globex, firm.acme]) {
    await put('billing_party (tenant_id, id, client_id, details)', t, randomUUID(), client.id, '{"name": "Client"}');
    await put('approval_rule (tenant_id, client_id, needed, by_name)', t, client.id, 1, 'Ada');
    for (const project of [client.project, client.otherProject]) {
      const [cycle, ticket, room, card] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
      Object.assign(filled, { internalRoom: room, cycleOfFirst: filled.cycle, cycle, ticket });
      const hash = `hash of ${cycle}`;
      const scope = [t, client.id, project];
      await put('phase (tenant_id, client_id, project_id, id, name, position)', ...scope, randomUUID(), 'Build', 1);
      await owner('begin');
      await put(
        'cycle (tenant_id, client_id, project_id, id, status, content_number, content_hash, name, starts_on, ends_on, review_opens_at, review_closes_at)',
        ...scope,
        cycle,
        'disputed',
        1,
        hash,
        'Cycle',
        '2026-11-02',
        '2026-11-27',
        '2026-11-30',
        '2026-12-04',
      );
      await put(
        'cycle_version (tenant_id, client_id, project_id, cycle_id, number, content, hash, by_name)',
        ...scope,
        cycle,
        1,
        '{}',
        hash,
        'Ada',
      );
      await owner('commit');
      await put(
        'approval (tenant_id, client_id, project_id, cycle_id, number, side, hash, person_id, by_name, channel, assurance, at)',
        ...scope,
        cycle,
        1,
        'client',
        hash,
        client.approver,
        'Approver',
        'slack',
        'chat',
        '2026-11-01',
      );
      await put(
        'cycle_agreement (tenant_id, client_id, project_id, cycle_id, number, hash, at)',
        ...[...scope, cycle, 1, hash, '2026-11-01'],
      );
      await put(
        'dispute (tenant_id, client_id, project_id, id, cycle_id, reason, person_id, by_name, opened_at)',
        ...scope,
        randomUUID(),
        cycle,
        'Not as agreed',
        client.approver,
        'Approver',
        '2026-11-30',
      );
      for (const internal of [true, false]) {
        await put(
          'message (tenant_id, client_id, project_id, id, cycle_id, internal, by_name, side, channel, body)',
          ...scope,
          randomUUID(),
          cycle,
          internal,
          'Ada',
          'staff',
          'slack',
          'Words',
        );
      }
      const delivered = randomUUID();
      await put(
        'deliverable (tenant_id, client_id, project_id, id, cycle_id, status, name, in_scope, shares, shared_hash, waits_since, created_by)',
        ...[
          ...scope,
          delivered,
          cycle,
          'in_review',
          'Basket page',
          true,
          1,
          `hash of ${delivered}`,
          '2026-11-02',
          'Ada',
        ],
      );
      await put(
        'deliverable_share (tenant_id, client_id, project_id, deliverable_id, number, content, hash, person_id, by_name, at)',
        ...[...scope, delivered, 1, '{}', `hash of ${delivered}`, client.approver, 'Ada', '2026-11-02'],
      );
      await put(
        'deliverable_decision (tenant_id, client_id, project_id, deliverable_id, number, hash, kind, person_id, by_name, channel, assurance, at)',
        ...[
          ...scope,
          delivered,
          1,
          `hash of ${delivered}`,
          'approved',
          client.approver,
          'Approver',
          'slack',
          'chat',
          '2026-11-03',
        ],
      );
      for (const internal of [true, false])
        await put(
          'task (tenant_id, client_id, project_id, id, internal, status, title, created_by)',
          ...scope,
          randomUUID(),
          internal,
          'open',
          'Send the logos',
          'Ada',
        );
      const subscription = randomUUID();
      await put(
        'hourly_rate (tenant_id, client_id, project_id, currency, price, vat, by_name)',
        ...[...scope, 'EUR', 9_500, '{}', 'Ada'],
      );
      const requirement = randomUUID();
      await put(
        'requirement (tenant_id, client_id, project_id, id, kind, status, title, asked_by_name, round, given_by, given_by_name, given_channel, given_at)',
        ...[...scope, requirement, 'secret', 'provided', 'The password of the shop', 'Ada', 1],
        ...[client.approver, 'Approver', 'portal', '2026-11-01'],
      );
      await put(
        'requirement_secret (tenant_id, client_id, project_id, requirement_id, round, sealed, given_at)',
        ...[...scope, requirement, 1, Buffer.from('sealed'), '2026-11-01'],
      );
      await put(
        'requirement_file (tenant_id, client_id, project_id, requirement_id, id, round, place, name, type, size, digest, stored, sealed_key, scan, person_id, given_at)',
        ...[
          ...scope,
          requirement,
          randomUUID(),
          1,
          1,
          'logo.png',
          'image/png',
          100,
          'digest',
          randomUUID(),
          Buffer.from('sealed'),
          'clean',
        ],
        ...[client.approver, '2026-11-01'],
      );
      // Of each project one that the client sees and has accepted, and one that is the firm's alone.
      for (const [status, number] of [
        ['accepted', numbers++],
        ['draft', numbers++],
      ] as const) {
        const [id, isSent] = [randomUUID(), status !== 'draft'];
        await put(
          'quote (tenant_id, client_id, project_id, id, number, status, title, content, content_hash, gross, sent_by, sent_by_name, sent_channel, sent_assurance, sent_at, expires_at)',
          ...[...scope, id, number, status, 'Shop', '{}', `hash of ${id}`, 1],
          ...(isSent ? [client.approver, 'Ada', 'slack', 'chat', '2026-11-01', '2026-12-01'] : Array(6).fill(null)),
        );
        if (!isSent) continue;
        await put(
          'subscription (tenant_id, client_id, project_id, id, quote_id, every, called, title, content, starts_on, look_at)',
          ...[...scope, subscription, id, 'monthly', 'Q-1', 'Hosting', '{}', '2026-11-02', '2026-12-02'],
        );
        const signature = [client.approver, 'Approver', 'slack', 'chat', '2026-11-02'];
        await put(
          'quote_signature (tenant_id, client_id, project_id, quote_id, hash, taken, person_id, by_name, channel, assurance, at)',
          ...[...scope, id, `hash of ${id}`, [], ...signature],
        );
        await put(
          'quote_acceptance (tenant_id, client_id, project_id, quote_id, hash, taken, content, price, person_id, by_name, channel, assurance, at)',
          ...[...scope, id, `hash of ${id}`, [], '{}', '{}', ...signature],
        );
      }
      // Of each project a month that the client has answered, and one that is the firm's alone, with more hours that were approved.
      const answer = [client.approver, 'Approver', 'slack', 'chat', '2026-11-02'];
      for (const [month, status] of [
        ['2026-10-01', 'disputed'],
        ['2026-11-01', 'open'],
      ] as const) {
        const [period, isSent] = [randomUUID(), status !== 'open'];
        await put(
          'hours_period (tenant_id, client_id, project_id, id, month, status, sent_by_name, sent_at, reason, answered_by, answered_by_name, answered_channel, answered_assurance, answered_at)',
          ...[...scope, period, month, status],
          ...(isSent ? ['Ada', '2026-11-01', 'Too many', ...answer] : Array(8).fill(null)),
        );
        await put(
          'time_entry (tenant_id, client_id, project_id, id, period_id, person_id, person_name, logged_by, day, minutes, note, billable, shared)',
          ...[...scope, randomUUID(), period, memberOfBoth, 'Mia', 'Mia', month, 120, 'Header', true, isSent],
        );
        await put(
          'hours_overrun (tenant_id, client_id, project_id, id, period_id, month, status, minutes, reason, agreed, used, asked_by, asked_by_name, asked_at, answered_by, answered_by_name, answered_channel, answered_assurance, answered_at)',
          ...[...scope, randomUUID(), period, month, 'approved', 300, 'A header', 60, 60],
          ...[memberOfBoth, 'Mia', '2026-11-01', ...answer],
        );
      }
      for (const serial of [numbers++, null]) {
        const invoice = randomUUID();
        await put(
          'invoice (tenant_id, client_id, project_id, id, kind, status, title, content, gross, due_on, number, year, serial, issued_on, issued_at, issued_by_name)',
          ...[...scope, invoice, 'invoice', serial ? 'open' : 'draft', 'Shop', '{}', 1],
          ...(serial
            ? ['2026-12-15', `2026-${serial}`, 2026, serial, '2026-12-01', '2026-12-01', 'Ada']
            : Array(7).fill(null)),
        );
        await put(
          'subscription_period (tenant_id, client_id, project_id, subscription_id, begins_on, invoice_id)',
          ...[...scope, subscription, serial ? '2026-11-02' : '2026-12-02', invoice],
        );
        if (serial)
          await put(
            'invoice_parties (tenant_id, client_id, project_id, invoice_id, seller, buyer, paper)',
            ...[...scope, invoice, '{}', '{}', 'A4'],
          );
      }
      for (const [reporter, title] of [
        [client.approver, 'By the approver'],
        [client.feedback, 'By feedback'],
      ] as const) {
        const id = reporter === client.approver ? ticket : randomUUID();
        await put(
          'ticket (tenant_id, client_id, project_id, id, kind, status, title, description, reporter_id, reporter_name)',
          ...scope,
          id,
          'bug',
          'new',
          title,
          'It does not work',
          reporter,
          'Reporter',
        );
        for (const internal of [true, false]) {
          await put(
            'ticket_message (tenant_id, client_id, project_id, id, ticket_id, internal, by_name, side, channel, body)',
            ...scope,
            randomUUID(),
            id,
            internal,
            'Ada',
            'staff',
            'slack',
            'Words',
          );
        }
      }
      await put(
        'room (tenant_id, client_id, project_id, id, channel, account, address, name, audience)',
        ...scope,
        room,
        'teams',
        t,
        `19:${room}`,
        'Team',
        'internal',
      );
      await put('room_delivery (tenant_id, room_id)', t, room);
      await put(
        'posted_card (tenant_id, project_id, id, key, room_id, channel, view, entity, entity_id, state)',
        t,
        project,
        card,
        card,
        room,
        'teams',
        '{}',
        'cycle',
        cycle,
        'posted',
      );
      await put(
        'event (tenant_id, client_id, project_id, id, name, entity, entity_id, data, actor, request_id, at)',
        ...scope,
        randomUUID(),
        'cycle.disputed',
        'cycle',
        cycle,
        '{}',
        '{}',
        `event ${cycle}`,
        '2026-11-30',
      );
      await put(
        'audit (tenant_id, client_id, project_id, id, at, command, event, by_name, channel, request_id, entity, entity_id)',
        ...scope,
        randomUUID(),
        '2026-11-30',
        'cycle.dispute',
        'cycle.disputed',
        'Approver',
        'slack',
        `event ${cycle}`,
        'cycle',
        cycle,
      );
      await put(
        'external_ref (tenant_id, client_id, id, tool, account, entity, entity_id, external_id)',
        t,
        client.id,
        randomUUID(),
        'jira',
        t,
        'ticket',
        ticket,
        ticket,
      );
    }
    await put(
      'link_code (tenant_id, id, provider, account, external_id, person_id, code_hash, expires_at)',
      t,
      randomUUID(),
      'slack',
      t,
      'U-new',
      client.approver,
      'hash',
      '2026-11-30',
    );
    await put(
      'connect_code (tenant_id, id, person_id, tool, code_hash, created_at, expires_at)',
      t,
      randomUUID(),
      client.approver,
      'discord',
      'hash',
      '2026-11-30',
      '2026-11-30',
    );
    await put(
      'sign_in (tenant_id, id, person_id, browser, device, place, back, expires_at)',
      t,
      randomUUID(),
      client.approver,
      'hash',
      'Firefox on Linux',
      '192.0.2.1',
      '',
      '2026-11-30',
    );
    await put(
      'invitation (tenant_id, id, person_id, by_name, created_at, expires_at)',
      t,
      randomUUID(),
      client.approver,
      'Ada Admin',
      '2026-11-25',
      '2026-11-30',
    );
    await put(
      'api_key (tenant_id, id, person_id, name, token_hash, writes, created_at, expires_at)',
      t,
      randomUUID(),
      client.approver,
      'Export',
      `key ${client.id}`,
      true,
      '2026-11-25',
      '2026-11-30',
    );
    await put(
      'session (tenant_id, id, person_id, token_hash, begun_with, assurance, device, place, seen_at, expires_at)',
      t,
      randomUUID(),
      client.approver,
      `hash ${client.id}`,
      randomUUID(),
      'mail',
      'Firefox on Linux',
      '192.0.2.1',
      '2026-11-25',
      '2026-11-30',
    );
    await put('notice_setting (tenant_id, person_id, quiet_from, quiet_to)', t, client.approver, 20, 7);
    await put(
      'notice (tenant_id, id, person_id, event_id, event_seq, event_name, entity, entity_id, client_id, topic, tier, view, decision, reason)',
      ...[
        t,
        randomUUID(),
        client.approver,
        randomUUID(),
        1,
        'ticket.filed',
        'ticket',
        randomUUID(),
        client.id,
        'tickets',
      ],
      ...['standard', '{}', 'sent', 'default'],
    );
    await put(
      'room (tenant_id, client_id, id, channel, account, address, name, audience, person_id)',
      t,
      client.id,
      randomUUID(),
      'email',
      '',
      `${client.viewer}@example.com`,
      'Viewer',
      'person',
      client.viewer,
    );
  }
  await put(
    'inbox (tenant_id, id, source, account, delivery_id, kind, headers, body, status)',
    t,
    randomUUID(),
    'jira',
    t,
    'd1',
    'comment',
    '{}',
    Buffer.from('{}'),
    'quarantined',
  );
  await owner(
    'insert into invoice_counter (tenant_id, year, last) select tenant_id, year, max(serial) from invoice where tenant_id = $1 and year is not null group by 1, 2',
    [t],
  );
  await put('firm_key (tenant_id, secret_id, wrapped)', t, 'secret', Buffer.from('wrapped'));
  await owner(
    `insert into credentials (tenant_id, connection_id, sealed) select tenant_id, id, 'sealed' from connection where tenant_id = $1`,
    [t],
  );
  await put('request (tenant_id, request_id, command, input_hash, outcome)', t, 'r', 'cycle.approve', 'hash', '{}');
  await fillTheRest(owner, firm);
  return filled;
}

/** Tables that are not named above get rows by what the catalogue says of them, those first that others refer to. */
async function fillTheRest(owner: OwnerQuery, { tenantId, acme, globex }: TestFirm): Promise<void> {
  const owned = [acme, globex].flatMap(({ id, project, otherProject }) =>
    [project, otherProject].map((one) => ({ tenant_id: tenantId, client_id: id, project_id: one })),
  );
  const tables = await owner(`select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'tenant_id' order by 1`);
  let left: string[] = [];
  for (const { name } of tables)
    if (!(await owner(`select from ${name} where tenant_id = $1 limit 1`, [tenantId])).length) left.push(String(name));
  while (left.length) {
    const waiting: string[] = [];
    for (const name of left) if (!(await fillTable(owner, name, owned))) waiting.push(name);
    if (waiting.length === left.length) throw new Error(`${left.join(', ')}: what these refer to has no rows`);
    left = waiting;
  }
}
