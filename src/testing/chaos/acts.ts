import { createHmac } from 'node:crypto';
import type { Press } from '../../core/kernel/card.ts';
import { encodePress } from '../../core/kernel/card.ts';
import type { TestFirm } from '../firm.ts';
import type { Answered } from './answers.ts';
import type { Query } from './query.ts';
import type { Chance } from './random.ts';

/** Something the world does to the hub, with a mark by which its effect is found again. */
export interface Act {
  kind: string;
  mark: string;
  /** The event that is its effect; without one, what was filed or said bears the mark. */
  leaves?: string;
  /** What it was answered last, where that was no acknowledgement. */
  refusal?: string;
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
  /** API keys. */
  keys: { admin: string; approver: string };
  /** Lets days pass for a thing. */
  asOwner: Query;
  /** Is told how each request was answered. */
  heard?(answered: Answered): void;
}

/** Slack and Jira give up after a few seconds; what was not answered by then was not acknowledged. */
const PATIENCE = 5_000;

/** What the effect of an act is found by. */
export function markOf(chance: Chance, number: number): string {
  return `mark-${number}-${Math.floor(chance.next() * 1e9).toString(36)}`;
}

/** One act by chance: half of them presses, the rest webhooks and mails. */
export function makeAct(world: World, chance: Chance, number: number): Act {
  const mark = markOf(chance, number);
  const draw = chance.next();
  if (draw < 0.5) return press(world, mark, number);
  return draw < 0.75 ? webhook(world, mark, number) : mail(world, mark, number);
}

/** The bug form, submitted in a Slack modal. */
function press(world: World, mark: string, number: number): Act {
  const { project, approver } = world.firm.acme;
  const form = {
    project: { type: 'static_select', selected_option: { value: project } },
    title: { type: 'plain_text_input', value: mark },
    description: { type: 'plain_text_input', value: 'It broke while things were being killed.' },
  };
  const submission = { person: approver, view: `V${mark}`, hash: `${number}.hash`, form };
  return {
    kind: 'press',
    mark,
    send: async () =>
      isAccepted(await submit(world, 'press', { ...submission, press: { target: 'ticket.file-bug', input: {} } })),
  };
}

/** A modal that somebody sends. */
export interface Submission {
  person: string;
  /** The modal's own id and hash: sent again it is the same press. */
  view: string;
  hash: string;
  press: Press;
  /** What is typed or ticked, by field, as Slack sends it. */
  form: Readonly<Record<string, object>>;
}

/** Submits a Slack modal. */
export function submit(world: World, kind: string, submission: Submission): Promise<Reply> {
  const { slack } = world;
  const { person, view, hash, press, form } = submission;
  const metadata = {
    press: encodePress(press),
    channel: null,
    thread: null,
    responseUrl: null,
    ephemeral: false,
  };
  const fields = Object.entries(form).map(([name, value]) => [`field:${name}`, value] as const);
  const payload = {
    type: 'view_submission',
    team: { id: slack.team },
    user: { id: `U-${person}`, team_id: slack.team },
    view: {
      id: view,
      hash,
      private_metadata: JSON.stringify(metadata),
      app_installed_team_id: slack.team,
      blocks: fields.map(([id]) => ({ block_id: id })),
      state: { values: Object.fromEntries(fields.map(([id, value]) => [id, { [id]: value }])) },
    },
  };
  return toSlack(world, payload, kind);
}

/** A modal that stays open with faults or a refusal was not accepted. */
export function isAccepted({ ok, text }: Reply): boolean {
  return ok && !/"response_action":"(errors|update|push)"/.test(text);
}

/** A button on a card in a channel, pressed by a person. */
export async function pressButton(world: World, person: string, press: Press): Promise<boolean> {
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
  return isAccepted(await toSlack(world, payload, 'press'));
}

function toSlack(world: World, payload: object, kind: string): Promise<Reply> {
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
    send: async () => {
      const url = `${world.hub}/webhooks/jira/${encodeURIComponent(account)}`;
      const headers = {
        'content-type': 'application/json',
        'x-hub-signature': `sha256=${signature}`,
        'x-atlassian-webhook-identifier': `delivery-${mark}-${Math.random()}`,
      };
      return (await post(world, 'webhook', url, body, headers)).ok;
    },
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
    send: async () => {
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', inboundSecret).update(`${time}.`).update(body).digest('hex');
      const headers = { 'content-type': 'message/rfc822', 'x-parley-signature': `t=${time},v1=${signature}` };
      return (await post(world, 'mail', `${world.hub}/email/inbound`, body, headers)).ok;
    },
  };
}

/** What came back; why nothing did, where it did not. */
export interface Reply {
  ok: boolean;
  text: string;
}

/** Sends something to the hub, and tells whoever listens how it was answered. */
export async function post(
  world: World,
  kind: string,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<Reply> {
  const started = performance.now();
  const heard = (status: number | null, fault?: string) =>
    world.heard?.({ kind, status, took: performance.now() - started, ...(fault ? { fault } : {}) });
  try {
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    heard(response.status);
    return { ok: response.ok, text: `${response.status} ${text}` };
  } catch (error) {
    const { message, cause } = error as Error;
    const fault = `${message} ${(cause as Error | undefined)?.message ?? ''}`;
    heard(null, fault);
    return { ok: false, text: fault };
  }
}
