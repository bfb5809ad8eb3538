import type { ChannelName, Who } from '../src/core/kernel/actor.ts';
import type { App } from '../src/core/kernel/registry.ts';

/** The firm of the demo, under an id that is the same in every demo. */
export const DEMO_FIRM = {
  id: '5eed0000-0000-4000-8000-000000000001',
  name: 'Northwind Studio',
  timezone: 'Europe/Berlin',
};

export const DEMO_CLIENTS = {
  juniper: { name: 'Juniper Home', timezone: 'America/New_York' },
  fathom: { name: 'Fathom Labs', timezone: 'Europe/London' },
} as const;
export type ClientKey = keyof typeof DEMO_CLIENTS;

export interface DemoPerson {
  name: string;
  email: string;
  /** What the person may do, in words for the persona switcher. */
  note: string;
  role: string;
  client?: ClientKey;
  /** Where they have an account besides their mailbox. */
  on: ('slack' | 'teams' | 'discord')[];
  /** Reads the client's news in their mailbox, though they have a chat. Whoever has none does so anyway. */
  byMail?: true;
}

/** Everybody in the demo. Addresses end in .example: no mail of the demo can ever leave. */
export const DEMO_PEOPLE = {
  ada: { name: 'Ada Lindqvist', email: 'ada@northwind.example', note: 'admin', role: 'admin', on: ['slack', 'teams'] },
  mira: {
    name: 'Mira Sandoval',
    email: 'mira@northwind.example',
    note: 'partner',
    role: 'partner',
    on: ['slack', 'teams'],
  },
  jonas: {
    name: 'Jonas Weber',
    email: 'jonas@northwind.example',
    note: 'member',
    role: 'member',
    on: ['slack', 'teams'],
  },
  priya: {
    name: 'Priya Raman',
    email: 'priya@juniperhome.example',
    note: 'approver',
    role: 'client_member',
    client: 'juniper',
    on: ['slack', 'discord'],
  },
  tom: {
    name: 'Tom Hale',
    email: 'tom@juniperhome.example',
    note: 'viewer',
    role: 'client_member',
    client: 'juniper',
    on: ['slack'],
  },
  lena: {
    name: 'Lena Ortiz',
    email: 'lena@juniperhome.example',
    note: 'feedback only',
    role: 'client_member',
    client: 'juniper',
    on: ['slack', 'discord'],
  },
  marcus: {
    name: 'Marcus Reed',
    email: 'marcus@juniperhome.example',
    note: 'client admin',
    role: 'client_admin',
    client: 'juniper',
    on: ['teams'],
    byMail: true,
  },
  dana: {
    name: 'Dana Whitfield',
    email: 'dana@juniperhome.example',
    note: 'viewer',
    role: 'client_member',
    client: 'juniper',
    on: ['teams'],
  },
  eleanor: {
    name: 'Eleanor Shaw',
    email: 'eleanor@juniperhome.example',
    note: 'approver',
    role: 'client_member',
    client: 'juniper',
    on: [],
  },
  ines: {
    name: 'Ines Duarte',
    email: 'ines@fathomlabs.example',
    note: 'client admin at Fathom Labs',
    role: 'client_admin',
    client: 'fathom',
    on: ['slack'],
  },
  hugo: {
    name: 'Hugo Brandt',
    email: 'hugo@fathomlabs.example',
    note: 'approver at Fathom Labs',
    role: 'client_member',
    client: 'fathom',
    on: [],
  },
} as const satisfies Record<string, DemoPerson>;
export type PersonKey = keyof typeof DEMO_PEOPLE;

/** Somebody whom nobody has invited yet: a mailbox that waits for its first mail. */
export const DEMO_GUEST = { name: 'Theo Lang', email: 'theo@fathomlabs.example', note: 'a colleague of Ines' } as const;

/** What the guided stories are about, as it is called in cards. */
export const DEMO_THINGS = {
  quote: 'Gift cards for the online store',
  giftCards: 'Gift cards',
  checkout: 'Checkout and payments',
  productPages: 'Product pages',
  campaign: 'Autumn campaign',
  logo: 'The logo as a vector file',
  access: 'The password of the old shop',
  deliveryDay: 'Let customers choose a delivery day',
} as const;

/** Which accounts and rooms of the platforms are whose. */
export interface DemoPlaces {
  slack: { team: string; users: Record<string, string>; channels: { juniper: string; fathom: string; triage: string } };
  teams: {
    tenant: string;
    serviceUrl: string;
    users: Record<string, string>;
    chats: { juniper: string; studio: string };
  };
  discord: { guild: string; users: Record<string, string>; channels: { juniper: string } };
  email: { account: string };
  jira: { account: string };
}

/** What a command answered: ids, versions, hashes. */
export type Output = Readonly<Record<string, unknown>>;

/** What the parts of the seed are written with. */
export interface Seeding {
  app: App;
  /** The day of the seed: all dates are counted from it, so that a repeat asks for the same. */
  day0: Date;
  people: Record<PersonKey, string>;
  clients: Record<ClientKey, string>;
  projects: { store: string; showroom: string; website: string };
  as(person: PersonKey, channel?: ChannelName): Who;
  system: Who;
  /** Runs a command once, as if so many days ago. */
  run(requestId: string, who: Who, name: string, input: Record<string, unknown>, daysAgo?: number): Promise<Output>;
}
