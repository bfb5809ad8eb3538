import type { PersonKey } from '../../../prisma/demo-firm.ts';
import { DEMO_CLIENTS, DEMO_FIRM, DEMO_GUEST, DEMO_PEOPLE } from '../../../prisma/demo-firm.ts';
import { slackUser } from './stand-ins.ts';
import type { World } from './world.ts';

interface Persona {
  /** The account with which the person acts in this pane. */
  id: string;
  name: string;
  role: string;
  /** The rooms of this pane that the person is in. */
  rooms: string[];
}

interface PaneConfig {
  id: string;
  tool: 'slack' | 'teams' | 'discord' | 'mail' | 'jira';
  title: string;
  subtitle: string;
  personas: Persona[];
}

export interface PaneRow {
  side: 'client' | 'firm';
  title: string;
  note: string;
  panes: PaneConfig[];
}

/** Who sits before which pane: the client's people above, the firm's below. */
export function paneRows({ slack, teams, places }: World): PaneRow[] {
  const { channels } = places.slack;
  const inSlack = (key: PersonKey, rooms: string[]): Persona => ({ ...named(key), id: slackUser(key), rooms });
  const inTeams = (key: PersonKey, rooms: string[]): Persona => {
    const found = teams
      .conversations()
      .flatMap(({ members }) => members)
      .find(({ name }) => name === DEMO_PEOPLE[key].name);
    return { ...named(key), id: found?.id ?? '', rooms };
  };
  const inDiscord = (key: PersonKey): Persona => ({
    ...named(key),
    id: places.discord.users[key] ?? '',
    rooms: [places.discord.channels.juniper],
  });
  const byMail = (key: PersonKey): Persona => ({ ...named(key), id: DEMO_PEOPLE[key].email, rooms: [] });
  const guest: Persona = { id: DEMO_GUEST.email, name: DEMO_GUEST.name, role: DEMO_GUEST.note, rooms: [] };
  const { juniper, studio } = places.teams.chats;
  return [
    {
      side: 'client',
      title: DEMO_CLIENTS.juniper.name,
      note: 'the client: each of them works where they are',
      panes: [
        {
          id: 'client-slack',
          tool: 'slack',
          title: slack.workspace.channels[channels.juniper]?.name ?? 'Slack',
          subtitle: 'The client in Slack',
          personas: [
            inSlack('priya', [channels.juniper]),
            inSlack('tom', [channels.juniper]),
            inSlack('lena', [channels.juniper]),
            inSlack('ines', [channels.fathom]),
          ],
        },
        {
          id: 'client-teams',
          tool: 'teams',
          title: 'Teams',
          subtitle: 'The client in Teams',
          personas: [inTeams('marcus', [juniper]), inTeams('dana', [juniper])],
        },
        {
          id: 'client-discord',
          tool: 'discord',
          title: 'Discord',
          subtitle: 'The client in Discord',
          personas: [inDiscord('priya'), inDiscord('lena')],
        },
        {
          id: 'client-mail',
          tool: 'mail',
          title: 'Mail',
          subtitle: 'The client’s mailbox',
          personas: [byMail('eleanor'), byMail('marcus'), guest],
        },
      ],
    },
    {
      side: 'firm',
      title: DEMO_FIRM.name,
      note: 'the firm',
      panes: [
        {
          id: 'firm-slack',
          tool: 'slack',
          title: 'triage',
          subtitle: 'The team’s triage room in Slack',
          personas: (['jonas', 'ada', 'mira'] as const).map((key) => inSlack(key, [channels.triage])),
        },
        {
          id: 'firm-teams',
          tool: 'teams',
          title: 'Studio',
          subtitle: 'The team in Teams',
          personas: (['ada', 'mira', 'jonas'] as const).map((key) => inTeams(key, [studio])),
        },
        {
          id: 'firm-jira',
          tool: 'jira',
          title: 'Jira',
          subtitle: 'The developers in Jira',
          personas: (['jonas', 'mira'] as const).map((key) => ({
            ...named(key),
            id: DEMO_PEOPLE[key].name,
            rooms: [],
          })),
        },
      ],
    },
  ];
}

function named(key: PersonKey): Pick<Persona, 'name' | 'role'> {
  return { name: DEMO_PEOPLE[key].name, role: DEMO_PEOPLE[key].note };
}
