import type { Edit } from '../mutants/tree.ts';

/** A way in which we could have built it wrong. The fault programme must notice each of them. */
export interface Mutant {
  name: string;
  /** What it breaks, in words. */
  promise: string;
  edits: Edit[];
  /** Run as the owner after migrating. */
  sql?: string[];
  /** Lines for postgresql.conf. */
  settings?: Record<string, string>;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'acknowledge-before-commit',
    promise: 'presses commit before they are acknowledged',
    edits: [
      {
        file: 'src/bots/slack/receiver.ts',
        from: '      await this.app?.processEvent({',
        to: '      reply = { status: 200 };\n      void this.app?.processEvent({',
      },
    ],
  },
  {
    name: 'no-unique-request-id',
    promise: 'a request id is claimed once, also by two at the same time',
    edits: [],
    sql: ['alter table request drop constraint request_pkey', 'create index on request (tenant_id, request_id)'],
  },
  {
    name: 'events-after-commit',
    promise: 'events and jobs commit together with what they tell of',
    edits: [
      {
        file: 'src/core/kernel/command.ts',
        from: '    void ending.send({ ...CLOSE,',
        to: `    const close = async (_later: unknown, _opened: unknown, after: typeof ending) => {
      after.send({ ...CLOSE, values: [JSON.stringify(closing(context, claim, decision.output, events))] });
      kernel.jobs.enqueue(after, events.map((event) => ({ queue: 'event' as const, data: { tenantId: actor.tenantId, eventId: event.id } })));
    };
    const system = openingOf({ kind: 'system', tenantId: actor.tenantId, reason: 'after the commit' });
    setTimeout(() => void inTransaction(kernel.database, kernel.clock, system, close).catch(() => undefined), 10);
    if (decision) return { output: decision.output, actor, replayed: false };
    void ending.send({ ...CLOSE,`,
      },
    ],
  },
  {
    name: 'no-deduplication',
    promise: 'a delivery that comes again is noted as a duplicate',
    edits: [
      {
        file: 'src/core/kernel/inbox.ts',
        from: "      on conflict (tenant_id, source, account, delivery_id) where status <> 'duplicate' do nothing\n",
        to: '',
      },
    ],
    sql: ['drop index inbox_once'],
  },
  {
    name: 'synchronous-commit-off',
    promise: 'what is acknowledged is on the disk',
    edits: [],
    settings: { synchronous_commit: 'off' },
  },
];
