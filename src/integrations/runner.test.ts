import { describe, expect, test } from '@jest/globals';
import type { Event } from '../core/kernel/event.ts';
import type { Connector } from './connector.ts';
import { pushConsumer } from './runner.ts';

function connector(name: string, wanted: string): Connector {
  return { name, wants: (event: Event) => event.name === wanted } as Connector;
}

const connectors = new Map(
  [connector('jira', 'ticket.replied'), connector('linear', 'ticket.replied'), connector('books', 'invoice.paid')].map(
    (one) => [one.name, one],
  ),
);

function event(actor: Partial<Event['actor']>): Event {
  return { tenantId: 'firm', id: 'e1', name: 'ticket.replied', about: { entity: 'ticket', id: 't1' }, actor } as Event;
}

async function toldTo(actor: Partial<Event['actor']>) {
  const jobs = await pushConsumer(connectors).jobs(event(actor), undefined as never);
  return jobs.map(({ queue, key, data }) => [queue, key, (data as { connector: string }).connector]);
}

describe('a fact', () => {
  test('of a person is told to every tool that wants it, in order per thing', async () => {
    expect(await toldTo({ kind: 'person' })).toEqual([
      ['push', 'jira:t1', 'jira'],
      ['push', 'linear:t1', 'linear'],
    ]);
  });

  test('that came from a tool is told to the others, never to itself', async () => {
    expect(await toldTo({ kind: 'integration', connector: 'jira' })).toEqual([['push', 'linear:t1', 'linear']]);
  });
});
