import type { Given, Kind, Requirement, Settled, State, Status } from './schema.ts';

/** A requirement as it is read: its own columns, and the names that stand beside it. */
export interface RequirementRow extends Omit<Requirement, 'state' | 'kind' | 'number' | 'looked' | 'files'> {
  files: Requirement['files'] | null;
  number: number;
  kind: Kind;
  status: Status;
  answer: string | null;
  givenBy: string | null;
  givenByName: string | null;
  givenChannel: string | null;
  givenAt: Date | null;
  settledByName: string | null;
  settledAt: Date | null;
  reason: string | null;
  looks: number;
  lookedByName: string | null;
  lookedAt: Date | null;
}

export function requirementOf(row: RequirementRow): Requirement {
  const { status: _status, answer: _answer, reason: _reason, ...rest } = row;
  const { givenBy: _by, givenByName: _name, givenChannel: _channel, givenAt: _at, ...more } = rest;
  const { settledByName: _settled, settledAt: _settledAt, ...looked } = more;
  const { looks: times, lookedByName: byName, lookedAt: at, ...own } = looked;
  return {
    ...{ ...own, number: Number(own.number), files: own.files ?? [], state: stateOf(row) },
    looked: byName !== null && at !== null ? { times, byName, at } : null,
  };
}

function stateOf(row: RequirementRow): State {
  const { status } = row;
  switch (status) {
    case 'asked':
      return { status };
    case 'provided':
      return { status, given: givenOf(row) };
    case 'accepted':
      return { status, given: givenOf(row), settled: settledOf(row) };
    case 'returned':
      return { status, given: givenOf(row), settled: settledOf(row), reason: there(row.reason, row) };
    case 'withdrawn':
      return { status, settled: settledOf(row) };
  }
}

function givenOf(row: RequirementRow): Given {
  return {
    personId: there(row.givenBy, row),
    byName: there(row.givenByName, row),
    channel: there(row.givenChannel, row),
    at: there(row.givenAt, row),
    answer: row.answer,
  };
}

function settledOf(row: RequirementRow): Settled {
  return { byName: there(row.settledByName, row), at: there(row.settledAt, row) };
}

/** @throws Error for a row that the table's own checks do not let be */
function there<T>(value: T | null, { id, status }: RequirementRow): T {
  if (value === null) throw new Error(`the requirement ${id} is ${status} and lacks what belongs to that`);
  return value;
}
