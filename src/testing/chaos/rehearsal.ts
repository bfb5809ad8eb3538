import { replyAddress } from '../../bots/email/address.ts';
import { secretsFrom } from '../../core/kernel/secrets.ts';
import type { World } from './acts.ts';
import { makeAct, pressButton } from './acts.ts';
import { pause } from './fleet.ts';
import { chanceOf } from './random.ts';
import type { Setting } from './setting.ts';

/** Files and approves one ticket in peace, so that later acts have an issue to comment on and a mail to answer. */
export async function firstTicket(setting: Setting): Promise<World> {
  const world = setting.worldFor({ id: '0', key: 'NW-0' }, 'nobody@northwind.example');
  const chance = { ...chanceOf(1), next: () => 0 };
  const filed = makeAct(world, chance, 0);
  if (!(await filed.send())) throw new Error('the first press was not accepted');
  const ticket = await eventually(setting, 'select id, version from ticket where title = $1', filed.mark);
  const id = String(ticket.id);
  await pressButton(world, setting.firm.admin, {
    target: 'ticket.approve',
    input: { ticket: id, version: String(ticket.version) },
  });
  const issue = await eventually(
    setting,
    `select external_id as id, external_key as key from external_ref where entity = 'ticket' and entity_id = $1 and external_key is not null`,
    id,
  );
  const card = await eventually(
    setting,
    `select id from posted_card where channel = 'email' and entity = 'ticket' and entity_id = $1 and state = 'posted'`,
    id,
  );
  const secrets = secretsFrom([setting.environment.PARLEY_SECRET ?? '']);
  return setting.worldFor(
    { id: String(issue.id), key: String(issue.key) },
    replyAddress(secrets, setting.environment.MAIL_REPLY_TO ?? '', String(card.id), '00000000'),
  );
}

async function eventually(setting: Setting, text: string, id: unknown): Promise<Record<string, unknown>> {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    const [row] = await setting.query(text, [id]);
    if (row) return row;
    await pause(100);
  }
  throw new Error(`the rehearsal did not get what it waited for: ${text}`);
}
