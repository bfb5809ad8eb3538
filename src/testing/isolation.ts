import type { Who } from '../core/kernel/actor.ts';
import { openingOf } from '../core/kernel/context.ts';
import { inTransaction } from '../core/kernel/db.ts';
import type { App } from '../core/kernel/registry.ts';
import { written } from './acting.ts';
import { asOwner } from './database.ts';
import type { Filled } from './everything.ts';
import type { TestClient, TestFirm } from './firm.ts';
import { as } from './firm.ts';

type Row = Record<string, unknown>;

/** What an actor may see, said once more and independently of the policies: the other side of the comparison. */
export interface Viewer {
  name: string;
  who: Who;
  /** What the act is about: it narrows what members and contacts see. */
  about?: Readonly<Record<string, string>>;
  reach: Reach;
}

type Reach =
  | { kind: 'firm'; system: boolean; person?: string }
  | { kind: 'clients'; clients: string[]; person?: string }
  | { kind: 'contact'; client: string; projects: string[]; readable: string[]; person?: string };

/** A firm with rows in every table. */
export interface FilledFirm {
  firm: TestFirm;
  filled: Filled;
}

/** Every kind of actor there is, in one firm. */
export function viewersOf({ firm, filled }: FilledFirm): Viewer[] {
  const { tenantId } = firm;
  const staff = (name: string, person: string, reach: Reach): Viewer => ({ name, who: as(firm, person), reach });
  const contacts = (client: TestClient, name: string): Viewer[] => {
    const both = [client.project, client.otherProject];
    const contact = (role: string, person: string, projects: string[], readable: string[]): Viewer => ({
      name: `${name} ${role}`,
      who: as(firm, person),
      reach: { kind: 'contact', client: client.id, projects, readable, person },
    });
    return [
      contact('client admin', client.clientAdmin, both, both),
      contact('approver', client.approver, [client.project], [client.project]),
      contact('viewer', client.viewer, [client.project], [client.project]),
      contact('feedback-only contact', client.feedback, [client.project], []),
      {
        name: `${name} client room`,
        who: { kind: 'audience', tenantId, roomId: client.room },
        reach: { kind: 'contact', client: client.id, projects: both, readable: both },
      },
    ];
  };
  const { acme, globex } = firm;
  // A member of both clients, asking about something of one: they see that client and nothing else.
  const about = (thing: Readonly<Record<string, string>>, clients: string[]): Viewer => ({
    ...staff(`member of both about ${Object.keys(thing)}`, filled.memberOfBoth, {
      kind: 'clients',
      clients,
      person: filled.memberOfBoth,
    }),
    about: thing,
  });
  // A contact who views one project and may only report in the other: narrowed by what they may read, never widened.
  const mixed = (thing: Readonly<Record<string, string>>, projects: string[], readable: string[]): Viewer => ({
    name: `Acme's viewer and reporter about ${Object.keys(thing)}`,
    who: as(firm, filled.viewerAndReporter),
    reach: { kind: 'contact', client: acme.id, projects, readable, person: filled.viewerAndReporter },
    about: thing,
  });
  const acmeRoom = (name: string, roomId: string, reach: Reach): Viewer => ({
    name: `Acme's ${name}`,
    who: { kind: 'audience', tenantId, roomId },
    reach,
  });
  return [
    mixed({}, [acme.project, acme.otherProject], [acme.project]),
    mixed({ client: acme.id }, [acme.project, acme.otherProject], [acme.project]),
    mixed({ project: acme.project }, [acme.project], [acme.project]),
    mixed({ cycle: filled.cycleOfFirst }, [acme.project], [acme.project]),
    mixed({ project: acme.otherProject }, [acme.project, acme.otherProject], [acme.project]),
    mixed({ ticket: filled.ticket }, [acme.project, acme.otherProject], [acme.project]),
    mixed({ project: globex.project }, [acme.project, acme.otherProject], [acme.project]),
    about({}, [acme.id, globex.id]),
    about({ client: globex.id }, [globex.id]),
    about({ project: globex.project }, [globex.id]),
    about({ cycle: filled.cycle }, [acme.id]),
    about({ ticket: filled.ticket }, [acme.id]),
    about({ ticket: filled.cycle }, [acme.id, globex.id]),
    {
      ...staff('member of Acme about Globex', firm.member, {
        kind: 'clients',
        clients: [acme.id],
        person: firm.member,
      }),
      about: { client: globex.id },
    },
    {
      name: 'Acme viewer of all projects',
      who: as(firm, filled.viewerOfAll),
      reach: {
        kind: 'contact',
        client: acme.id,
        projects: [acme.project, acme.otherProject],
        readable: [acme.project, acme.otherProject],
        person: filled.viewerOfAll,
      },
    },
    acmeRoom('internal room', filled.internalRoom, { kind: 'clients', clients: [acme.id] }),
    acmeRoom('room of one project', filled.projectRoom, {
      kind: 'contact',
      client: acme.id,
      projects: [acme.project],
      readable: [acme.project],
    }),
    staff('admin', firm.admin, { kind: 'firm', system: false, person: firm.admin }),
    staff('partner', firm.partner, { kind: 'firm', system: false, person: firm.partner }),
    staff('member of Acme', firm.member, { kind: 'clients', clients: [firm.acme.id], person: firm.member }),
    ...contacts(firm.acme, 'Acme'),
    ...contacts(firm.globex, 'Globex'),
    {
      name: 'triage room',
      who: { kind: 'audience', tenantId, roomId: firm.triageRoom },
      reach: { kind: 'firm', system: false },
    },
    {
      name: 'connector',
      who: { kind: 'integration', tenantId, connector: 'jira', account: 'x' },
      reach: { kind: 'firm', system: true },
    },
    { name: 'system', who: { kind: 'system', tenantId, reason: 'test' }, reach: { kind: 'firm', system: true } },
  ];
}

/** A table that holds a firm's data, and what was declared of it when it was protected; null where its policies are its own. */
export interface Table {
  name: string;
  declared: { scope: 'project' | 'client' | 'firm' | 'system'; contacts: boolean } | null;
}

/** Tables that only the system reads, or nobody at all at run time. */
const SYSTEM_ONLY = ['posted_card', 'room_delivery', 'request'];
const SYSTEM_AND_STAFF = ['inbox', 'connection'];
/** Tables of a client's or project's data that none of the client's people read. */
const NOT_FOR_CONTACTS = ['event', 'audit', 'external_ref', 'assignment'];

/** May this actor of `tenantId` see that row? */
function maySee(table: Table, row: Row, reach: Reach, tenantId: string): boolean {
  const { name, declared } = table;
  if ((name === 'firm' ? row.id : row.tenant_id) !== tenantId) return false;
  if (name === 'firm') return true;
  const own = reach.person !== undefined && row.person_id === reach.person;
  if (['link_code', 'sign_in', 'invitation', 'session', 'api_key', 'notice', 'notice_setting'].includes(name))
    return reach.kind === 'firm' && reach.system ? true : own;
  const systemOnly = SYSTEM_ONLY.includes(name) || declared?.scope === 'system';
  if (reach.kind === 'firm') return systemOnly ? reach.system : true;
  if (systemOnly || SYSTEM_AND_STAFF.includes(name) || declared?.scope === 'firm') return false;
  if (name === 'identity') return own;
  const client = name === 'client' ? row.id : row.client_id;
  if (reach.kind === 'clients')
    return name === 'person' && client === null ? true : reach.clients.includes(client as string);
  return contactMaySee(table, row, reach);
}

function contactMaySee({ name, declared }: Table, row: Row, reach: Extract<Reach, { kind: 'contact' }>): boolean {
  if (NOT_FOR_CONTACTS.includes(name)) return false;
  if ((name === 'client' ? row.id : row.client_id) !== reach.client) return false;
  const inReadable = reach.readable.includes(row.project_id as string);
  const inOwn = reach.projects.includes(row.project_id as string);
  switch (name) {
    case 'client':
    case 'person':
      return true;
    case 'project':
      return reach.projects.includes(row.id as string);
    case 'membership':
      return inOwn;
    case 'room':
      return (
        (row.audience === 'client' || (reach.person !== undefined && row.person_id === reach.person)) &&
        (row.project_id === null || inOwn)
      );
    case 'ticket':
      return inReadable || (inOwn && row.reporter_id === reach.person);
    case 'message':
      return row.internal === false && inReadable;
    case 'ticket_message':
      return row.internal === false && (inReadable || (inOwn && row.ticket_reporter === reach.person));
    default:
      if (!declared)
        throw new Error(`${name} is not protected by parley_protect: say in isolation.ts what of it a contact may see`);
      return declared.contacts && row[FOR_CONTACTS] === true && (declared.scope === 'client' || inReadable);
  }
}

/** Every table there is that holds a firm's data: found in the catalogue, so that a new one cannot be forgotten. */
export async function tenantTables(app: App): Promise<Table[]> {
  const rows = await asOwner(app.database)(
    `select c.relname, p.scope, p.contacts from pg_class c left join gate.protection p on p.relation = c.relname
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations' order by c.relname`,
  );
  return rows.map(({ relname, scope, contacts }) => ({
    name: String(relname),
    declared: scope === null ? null : ({ scope, contacts } as Table['declared']),
  }));
}

/** Of a row as it is read here: whether what was declared lets contacts see it at all. */
const FOR_CONTACTS = 'for contacts';

/** Each row of a table with its key; read behind the policies. */
export async function allRows(app: App, { name }: Table): Promise<Row[]> {
  const owner = asOwner(app.database);
  const [declared] = await owner('select contact_where from gate.protection where relation = $1', [name]);
  const extra =
    name === 'ticket_message'
      ? ', (select t.reporter_id from ticket t where t.id = x.ticket_id) as ticket_reporter'
      : '';
  return owner(
    `select x.ctid::text as row_at, x.*, (${declared?.contact_where ?? true}) as "${FOR_CONTACTS}"${extra} from ${name} x`,
  );
}

/** Where what an actor sees of a table, asked without any WHERE, differs from what they may see. Empty when the protection holds. */
export async function breaches(app: App, table: Table, viewer: Viewer, rows: Row[]): Promise<string[]> {
  const { name } = table;
  const seen = await keysSeen(app, name, viewer);
  const due = new Set(
    rows
      .filter((row) => maySee(table, row, viewer.reach, viewer.who.kind === 'identity' ? '' : viewer.who.tenantId))
      .map((row) => row.row_at),
  );
  return [
    ...[...seen]
      .filter((key) => !due.has(key))
      .map((key) => `${viewer.name} sees row ${key} of ${name}, which is not theirs`),
    ...[...due]
      .filter((key) => !seen.has(key))
      .map((key) => `${viewer.name} does not see row ${key} of ${name}, which is theirs`),
  ];
}

async function keysSeen(app: App, table: string, { who, about }: Viewer): Promise<Set<unknown>> {
  return inTransaction(app.database, app.clock, openingOf(who, about), async ({ sql }) => {
    const [granted] = await sql<Row>(written(`select has_table_privilege(current_user, '${table}', 'select') as may`));
    if (!granted?.may) return new Set();
    const rows = await sql<Row>(written(`select ctid::text as row_at from ${table}`));
    return new Set(rows.map((row) => row.row_at));
  });
}

/** Rows an actor can change with an UPDATE without WHERE that touches every column they hold; rolled back. */
export async function keysChanged(app: App, table: string, { who, about }: Viewer): Promise<Row[]> {
  let changed: Row[] = [];
  await inTransaction(app.database, app.clock, openingOf(who, about), async ({ sql }) => {
    const [column] = await sql<Row>(
      written(
        `select attname from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attidentity = '' and has_column_privilege(current_user, '${table}', attname, 'update') limit 1`,
      ),
    );
    if (column)
      changed = await sql<Row>(written(`update ${table} set ${column.attname} = ${column.attname} returning *`));
    throw new Undo();
  }).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return changed;
}

class Undo extends Error {}
