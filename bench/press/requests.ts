import { createHmac, randomBytes } from 'node:crypto';
import type { BenchFirm, BenchPerson } from '../firm.ts';
import type { Signed } from '../load.ts';

/** Signed submissions of the form "Report a bug", each of a modal of its own, as Slack sends them, by the firms' people in turn. */
export function sign(params: Record<string, string>, count: number): Signed[] {
  const { secret = '', firms: firmsJson = '', answerTo = '' } = params;
  const firms = JSON.parse(firmsJson) as BenchFirm[];
  const run = randomBytes(4).toString('hex').toUpperCase();
  return Array.from({ length: count }, (_, index) => {
    const view = `V${run}${index}`;
    const { people, slackTeam: team } = firms[index % firms.length] as BenchFirm;
    const turn = Math.floor(index / firms.length);
    const person = people[turn % people.length] as BenchPerson;
    const project = person.projects[Math.floor(turn / people.length) % person.projects.length] as string;
    const payload = JSON.stringify(submission({ view, team, user: person.slackUser, project, answerTo }));
    return { id: view, bytes: request(`payload=${encodeURIComponent(payload)}`, secret) };
  });
}

function request(body: string, secret: string): Buffer {
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return Buffer.from(
    [
      'POST /slack/events HTTP/1.1',
      'Host: 127.0.0.1',
      'User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)',
      'Accept: application/json,*/*',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Slack-Request-Timestamp: ${timestamp}`,
      `X-Slack-Signature: v0=${signature}`,
      '',
      body,
    ].join('\r\n'),
  );
}

interface Submission {
  view: string;
  team: string;
  user: string;
  project: string;
  answerTo: string;
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
function submission({ view, team, user, project, answerTo }: Submission): object {
  const chosen = (value: string, text: string) => ({
    type: 'static_select',
    selected_option: { text: { type: 'plain_text', text, emoji: false }, value },
  });
  const typed = (value: string) => ({ type: 'plain_text_input', value });
  const fields: Record<string, object> = {
    project: chosen(project, 'Acme website'),
    title: typed('The pay button does nothing'),
    description: typed('I press it on the second page of the checkout, and nothing happens, not even an error.'),
    steps: typed('1. Put something into the basket\n2. Go to the checkout\n3. Press "Pay"'),
    expected: typed('The page of the bank opens.'),
    priority: chosen('normal', 'Normal'),
    links: typed(''),
  };
  const named = Object.entries(fields).map(([name, field]) => [`field:${name}`, field] as const);
  return {
    type: 'view_submission',
    team: { id: team, domain: 'northwind' },
    user: { id: user, username: 'carl.contact', name: 'carl.contact', team_id: team },
    api_app_id: 'A0PARLEY',
    token: '9s8d7f6g5h4j3k2l1',
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: `12466734323.1395872398.${view}`,
    view: {
      id: view,
      team_id: team,
      type: 'modal',
      callback_id: '',
      private_metadata: JSON.stringify({
        press: 'ticket.file-bug',
        channel: 'C0ACME',
        thread: null,
        responseUrl: answerTo,
        ephemeral: false,
      }),
      blocks: named.map(([id, field]) => inputBlock(id, field)),
      state: { values: Object.fromEntries(named.map(([id, field]) => [id, { [id]: field }])) },
      hash: '1795254310.Qe7h1mVx',
      title: { type: 'plain_text', text: 'Report a bug', emoji: false },
      submit: { type: 'plain_text', text: 'Report', emoji: false },
      close: { type: 'plain_text', text: 'Cancel', emoji: false },
      clear_on_close: false,
      notify_on_close: false,
      previous_view_id: null,
      root_view_id: view,
      app_id: 'A0PARLEY',
      app_installed_team_id: team,
      bot_id: 'B0PARLEY',
    },
    response_urls: [],
  };
}

/** Slack sends the form along as it was drawn. */
function inputBlock(id: string, field: object): object {
  return {
    type: 'input',
    block_id: id,
    label: { type: 'plain_text', text: id, emoji: false },
    optional: false,
    dispatch_action: false,
    element: { ...field, action_id: id },
  };
}
