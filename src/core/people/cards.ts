import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem, Press } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { capital } from '../kernel/field.ts';
import { sentence } from '../kernel/thing-definition.ts';
import type { Drawing } from '../kernel/view.ts';
import { client } from './client.ts';
import type { Account } from './codes.ts';
import { accountText, CODE_MINUTES, ISSUED_MINUTES, providerName } from './codes.ts';
import type { Look } from './look.ts';
import { person } from './person.ts';
import { isFirm } from './policies.ts';
import { ON_CARD } from './queries.ts';
import { managesTeamOf } from './rules.ts';
import type { ShownClient, ShownPerson } from './schema.ts';
import { ROLE_NAMES } from './schema.ts';

/** After a code was asked for: the same words whether or not the address is known. */
export function enterCodeInvitation(linkId: string, email: string): Card {
  return {
    title: 'Check your mail',
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `If ${email} was invited, a code is on its way there. It counts for ${CODE_MINUTES} minutes. Press “Enter code” here and type it.`,
      },
    ],
    actions: [
      {
        kind: 'button',
        label: 'Enter code',
        style: 'primary',
        word: 'CODE',
        press: { target: 'identity.confirm-code', input: { link: linkId } },
      },
    ],
    fallback: 'Check your mail for the code.',
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

/** After a code that is not the one. */
export function wrongCode(id: string, again: { target: string; input: Record<string, string> }): Card {
  return {
    ...sentence('link', id, 'That is not the code we know.'),
    tone: 'attention',
    actions: [{ kind: 'button', label: 'Try again', press: again }],
  };
}

type Asking = Account & { at: Date; timezone: string; side: 'staff' | 'contact' };

/** The mail that carries the code, to the verified address alone. The team types it; a press would link whoever asked. */
export function codeCard(linkId: string, asked: Asking, code: string): Card {
  const how =
    asked.side === 'staff'
      ? 'If that is you, type this code where you asked for it.'
      : 'If that is you, type this code where you asked for it, or press the button.';
  return {
    title: `Your code is ${code.slice(0, 4)} ${code.slice(4)}`,
    tone: 'attention',
    blocks: [
      { kind: 'text', text: `Somebody wants to use Parley as you. ${how}` },
      whoAsks(asked, 'Asked'),
      {
        kind: 'text',
        text: `The code counts for ${CODE_MINUTES} minutes. If it was not you, do nothing, and give the code to nobody.`,
        subtle: true,
      },
    ],
    actions: linkButton(linkId, asked),
    fallback: 'Your code to link an account',
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

/** The page before the press: whose account it is that asks, by its own name. */
export function askingCard(linkId: string, asked: Asking): Card {
  return {
    title: asked.calledAs ? `“${asked.calledAs}” asks to use Parley as you` : 'Somebody asks to use Parley as you',
    tone: 'attention',
    blocks: [
      whoAsks(asked, 'Asked'),
      {
        kind: 'text',
        text:
          asked.side === 'staff'
            ? 'Type the code of the mail where you asked for it. If it was not you, close this page.'
            : 'Go on only if this account is yours and you asked just now. If not, close this page: nothing happens then.',
      },
    ],
    actions: linkButton(linkId, asked),
    fallback: `${accountText(asked)} asks to be linked to you.`,
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

function linkButton(linkId: string, { provider, side }: Asking): Card['actions'] {
  if (side === 'staff') return [];
  const press = { target: 'identity.confirm', input: { link: linkId } };
  const label = `Link this ${providerName(provider)} account`;
  return [{ kind: 'button', label, style: 'primary', word: 'LINK', press }];
}

function whoAsks(asked: Asking, when: string): Card['blocks'][number] {
  return {
    kind: 'facts',
    facts: [
      { label: 'Account', value: accountText(asked) },
      { label: when, value: momentText(asked.at, asked.timezone) },
    ],
  };
}

/** Tells a person on every channel that an account acts as them now. */
export function linkedNotice(linkId: string, asked: Asking, identityId: string): Card {
  const text = `A ${providerName(asked.provider)} account was linked to you`;
  return {
    title: text,
    tone: 'attention',
    blocks: [
      whoAsks(asked, 'Linked'),
      {
        kind: 'text',
        text: 'What this account does now counts as done by you. If it is not yours, take it off and tell the firm.',
      },
    ],
    actions: [
      {
        kind: 'button',
        label: 'Not mine: unlink it',
        style: 'danger',
        word: 'UNLINK',
        press: { target: 'identity.unlink', input: { identity: identityId } },
      },
    ],
    fallback: `${text}: ${accountText(asked)}.`,
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

export function showCodeCard(linkId: string, name: string, code: string): Card {
  const text = `The code for ${name} is ${code.slice(0, 4)} ${code.slice(4)}`;
  return {
    ...sentence('link', linkId, text),
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `Give it to ${name} in person or by phone. They write “link” to Parley, press “I was given a code” and type it with their mail address, within ${ISSUED_MINUTES} minutes.`,
      },
    ],
  };
}

/** The way to the pages on which somebody sees what a contact sees. */
export function lookCard(id: string, { name, client, until }: Look, { actor, portalOf }: Drawing): Card {
  return {
    title: `What ${name} of ${client} sees`,
    tone: 'attention',
    blocks: [
      {
        kind: 'text',
        text: `Until ${momentText(until, actor.timezone)} the pages show you what they are shown. Nothing can be done there, and each page that you open is on record.`,
      },
    ],
    actions: [{ kind: 'link', label: 'Open the pages', url: portalOf({ target: 'people.look', input: { look: id } }) }],
    fallback: `What ${name} of ${client} sees.`,
    about: { entity: 'look', id, version: 0 },
  };
}

/** Somebody: whose they are, what they may, and where they have a part. */
export function personCard(it: ShownPerson, actor: Actor): Card {
  const { id, name, role, active, grants, clientName, places, side, version } = it;
  const rights = Object.entries(grants).map(([module, level]) => `${level} in ${module}`);
  return {
    title: name,
    tone: active ? 'neutral' : 'attention',
    status: active ? capital(ROLE_NAMES[role]) : 'No access',
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: side === 'staff' ? 'Of' : 'Client', value: clientName ?? 'the firm' },
          { label: 'Role', value: capital(ROLE_NAMES[role]) },
          ...(rights.length ? [{ label: 'Their own rights', value: rights.join(', ') }] : []),
        ],
      },
      ...(places.length
        ? [
            {
              kind: 'list' as const,
              title: side === 'staff' ? 'Works for' : 'Has a part in',
              items: places.map(placeItem),
            },
          ]
        : []),
    ],
    actions: person.buttons(it, actor),
    fallback: `${name}: ${active ? ROLE_NAMES[role] : 'no access'}.`,
    about: { entity: 'person', id, version },
  };
}

function placeItem({ name, part }: ShownPerson['places'][number]): ListItem {
  return { text: name, ...(part ? { detail: part } : {}) };
}

/** A client: whom it has here, what is worked on for it, and where it is talked to. */
export function clientCard(it: ShownClient, actor: Actor): Card {
  const { id, name, timezone, version } = it;
  return {
    title: name,
    tone: 'neutral',
    blocks: [
      { kind: 'facts', facts: [{ label: 'Time zone', value: timezone }] },
      ...listed('Projects', it.projects, 'project.list', (project) => ({
        text: project.name,
        detail: capital(project.stage),
        button: opening({ target: 'project.show', input: { project: project.id } }),
      })),
      ...listed('People', it.people, 'person.list', (one) => ({
        text: one.name,
        detail: capital(ROLE_NAMES[one.role]),
        button: person.opening(one.id),
      })),
      ...listed('Channels', it.rooms, 'room.list', (room) => ({
        text: room.name,
        detail: `${capital(room.channel)}, ${room.audience === 'client' ? 'read by the client' : 'for the team'}`,
      })),
    ],
    actions: [
      ...(managesTeamOf(actor, id) ? [forClient('Invite somebody…', 'INVITE', 'people.add-contact', id)] : []),
      ...(isFirm(actor) ? [forClient('Open a project…', 'PROJECT', 'project.open', id)] : []),
      forClient('Who approves', 'APPROVERS', 'approval.rule', id),
    ],
    fallback: `${name}, a client.`,
    about: { entity: client.name, id, version },
  };
}

/** The first of what there is; where there is more, the way to all of it. */
function listed<T>(title: string, all: readonly T[], target: string, line: (one: T) => ListItem): Block[] {
  if (!all.length) return [];
  const more: ListItem[] = [{ text: 'and others', button: opening({ target, input: {} }, 'Show all') }];
  const items = [...all.slice(0, ON_CARD).map(line), ...(all.length > ON_CARD ? more : [])];
  return [{ kind: 'list', title, items }];
}

function opening(press: Press, label = 'Open'): Button {
  return { kind: 'button', label, press };
}

function forClient(label: string, word: string, target: string, id: string): Button {
  return { kind: 'button', label, word, press: { target, input: { client: id } } };
}
