import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { deliveryOf, readPayload } from './payload.ts';

const folder = join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => readFileSync(join(folder, name));

function idOf(raw: Buffer) {
  const payload = readPayload(raw);
  return payload && deliveryOf(payload, raw);
}

/** The same content with something changed. */
function changed(name: string, change: (json: Record<string, never>) => void): Buffer {
  const json = JSON.parse(fixture(name).toString());
  change(json);
  return Buffer.from(JSON.stringify(json));
}

describe('a webhook of Jira', () => {
  test.each([
    ['issue-created.json', 'jira:issue_created', 'jira:issue_created:10047'],
    ['issue-updated.json', 'jira:issue_updated', 'jira:issue_updated:10047:10245'],
    ['issue-edited.json', 'jira:issue_updated', 'jira:issue_updated:10047:10246'],
    ['issue-deleted.json', 'jira:issue_deleted', 'jira:issue_deleted:10047'],
    ['comment-created.json', 'comment_created', 'comment_created:10112'],
    ['comment-updated.json', 'comment_updated', 'comment_updated:10112:2026-11-20T11:03:20.004+0100'],
    ['comment-deleted.json', 'comment_deleted', 'comment_deleted:10112'],
  ])('%s is known by its meaning', (name, kind, deliveryId) => {
    expect(idOf(fixture(name))).toEqual({ kind, deliveryId });
  });

  test.each(['worklog-updated.json', 'unknown.json'])('%s of another kind is known by its content', (name) => {
    expect(idOf(fixture(name))?.deliveryId).toMatch(/^\w+[:\w]*:[0-9a-f]{64}$/);
    expect(idOf(fixture(name))).toEqual(idOf(fixture(name)));
  });

  test('told again at another time is the same delivery', () => {
    const again = changed('comment-created.json', (json) => {
      json.timestamp = 1_795_999_999_999 as never;
    });

    expect(idOf(again)).toEqual(idOf(fixture('comment-created.json')));
  });

  test('without a changelog is told apart by its time', () => {
    const bulk = changed('issue-updated.json', (json) => {
      delete json.changelog;
    });

    expect(idOf(bulk)?.deliveryId).toBe('jira:issue_updated:10047:1795166130500');
  });

  test.each([
    '',
    'no json',
    '[]',
    'null',
    '{}',
    '{"webhookEvent":""}',
    '{"webhookEvent":"comment_created"}',
    '{"webhookEvent":"jira:issue_updated","issue":7}',
  ])('is not of the form when it is %j', (body) => {
    expect(readPayload(Buffer.from(body))).toBeNull();
  });

  test('every recorded body is read', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(names.filter((name) => readPayload(fixture(name)) === null)).toEqual([]);
  });
});
