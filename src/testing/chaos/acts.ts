import { createHmac } from 'node:crypto';
import type { Press } from '../../core/kernel/card.ts';
import { encodePress } from '../../core/kernel/card.ts';
import type { TestFirm } from '../firm.ts';
import type { Answered } from './answers.ts';
import type { Chance } from './random.ts';

/** Something the world does to the hub, with a mark by which its effect is found again. */
export interface Act {
  kind: 'press' | 'webhook' | 'mail';
  mark: string;
  /** Sends it once; true when the hub acknowledged it. */
  send(): Promise<boolean>;
}

/** What acts are made with. */
export interface World {
  hub: string;
  firm: TestFirm;
  slack: { team: string; signingSecret: string };
  jira: { account: string; webhookSecret: string; issue: { id: string; key: string } };
  mail: { inboundSecret: string; authservId: string; writers: string[]; replyTo: string };
  /** Is told how each request was answered. */
  heard?(answered: Answered): void;
}

/** Slack and Jira give up after a few seconds; what was not answered by then was not acknowledged. */
const PATIENCE = 5_000;

/** One act by chance: half of them presses, the rest webhooks and mails. */
export function makeAct(world: World, chance: Chance, number: number): Act {
  const mark = `mark-${number}-${Math.floor(chance.next() * 1e9).toString(36)}`;
  const draw = chance.next();
  if (draw < 0.5) return press(world, mark, number);
  return draw < 0.75 ? webhook(world, mark, number) : mail(world, mark, number);
}

/** The bug form, submitted in a Slack modal. */
function press(world: World, mark: string, number: number): Act {
  const { firm, slack } = world;
  const user = firm.acme.approver;
  const metadata = {
    press: encodePress({ target: 'ticket.file-bug', input: {} }),
    channel: null,
    thread: null,
    responseUrl: null,
    ephemeral: false,
  };
  const typed = (name: string, value: object) => ({ [`field:${name}`]: { [`field:${name}`]: value } });
  const payload = {
    type: 'view_submission',
    team: { id: slack.team },
    user: { id: `U-${user}`, team_id: slack.team },
    view: {
      id: `V${mark}`,
      hash: `${number}.hash`,
      private_metadata: JSON.stringify(metadata),
      app_installed_team_id: slack.team,
      blocks: ['project', 'title', 'description'].map((name) => ({ block_id: `field:${name}` })),
      state: {
        values: {
          ...typed('project', { type: 'static_select', selected_option: { value: firm.acme.project } }),
          ...typed('title', { type: 'plain_text_input', value: mark }),
          ...typed('description', { type: 'plain_text_input', value: 'It broke while things were being killed.' }),
        },
      },
    },
  };
  return { kind: 'press', mark, send: () => toSlack(world, payload, 'press') };
}

/** A button on a card in a channel, pressed by a person. */
export function pressButton(world: World, person: string, press: Press): Promise<boolean> {
  const { team } = world.slack;
  const value = encodePress(press);
  const payload = {
    type: 'block_actions',
    team: { id: team },
    user: { id: `U-${person}`, team_id: team },
    channel: { id: 'C-anywhere' },
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: 'C-anywhere', is_ephemeral: false },
    actions: [
      { type: 'button', block_id: 'actions', action_id: `press:${value}`, action_ts: String(Date.now() / 1000), value },
    ],
    response_url: `${world.hub}/nowhere`,
    trigger_id: `${Date.now()}.trigger`,
  };
  return toSlack(world, payload, 'press');
}

function toSlack(world: World, payload: object, kind: string): Promise<boolean> {
  const { hub, slack } = world;
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', slack.signingSecret).update(`v0:${time}:${body}`).digest('hex');
  return post(world, kind, `${hub}/slack/events`, body, {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${signature}`,
  });
}

/** A comment in Jira that is meant for the client. */
function webhook(world: World, mark: string, number: number): Act {
  const { issue, account, webhookSecret } = world.jira;
  const at = new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString().replace('Z', '+0000');
  const body = JSON.stringify({
    timestamp: Date.parse(at),
    webhookEvent: 'comment_created',
    comment: {
      id: String(500_000 + number),
      self: `${issue.id}/comment/${500_000 + number}`,
      author: { accountId: 'dev-1', displayName: 'Dev One', active: true, timeZone: 'Europe/Berlin' },
      updateAuthor: { accountId: 'dev-1', displayName: 'Dev One', active: true, timeZone: 'Europe/Berlin' },
      body: `@client ${mark}`,
      created: at,
      updated: at,
      jsdPublic: true,
    },
    issue: {
      id: issue.id,
      key: issue.key,
      fields: { summary: 'An issue', status: { name: 'To Do', statusCategory: { key: 'new' } }, labels: [] },
    },
  });
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
  return {
    kind: 'webhook',
    mark,
    send: () =>
      post(world, 'webhook', `${world.hub}/webhooks/jira/${encodeURIComponent(account)}`, body, {
        'content-type': 'application/json',
        'x-hub-signature': `sha256=${signature}`,
        'x-atlassian-webhook-identifier': `delivery-${mark}-${Math.random()}`,
      }),
  };
}

/** A contact's answer to a ticket's mail. */
function mail(world: World, mark: string, number: number): Act {
  const { writers, replyTo, inboundSecret, authservId } = world.mail;
  const from = writers[number % writers.length] ?? '';
  const body = [
    `Authentication-Results: ${authservId}; dmarc=pass header.from=example.com`,
    `From: <${from}>`,
    `To: <${replyTo}>`,
    'Subject: Re: a ticket',
    `Message-ID: <${mark}@example.com>`,
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    mark,
    '',
  ].join('\r\n');
  return {
    kind: 'mail',
    mark,
    send: () => {
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', inboundSecret).update(`${time}.`).update(body).digest('hex');
      return post(world, 'mail', `${world.hub}/email/inbound`, body, {
        'content-type': 'message/rfc822',
        'x-parley-signature': `t=${time},v1=${signature}`,
      });
    },
  };
}

async function post(
  world: World,
  kind: string,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<boolean> {
  const started = performance.now();
  const heard = (status: number | null, fault?: string) =>
    world.heard?.({ kind, status, took: performance.now() - started, ...(fault ? { fault } : {}) });
  try {
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    heard(response.status);
    // A modal that stays open with faults or a refusal was not accepted.
    return response.ok && !/"response_action":"(errors|update|push)"/.test(text);
  } catch (error) {
    heard(
      null,
      error instanceof Error ? `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}` : String(error),
    );
    return false;
  }
}
