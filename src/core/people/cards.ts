import type { Card, Form } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import type { Account } from './link.ts';
import { accountText, CODE_MINUTES, ISSUED_MINUTES, providerName } from './link.ts';

/** One sentence that says what was done. */
export function confirmation(entity: string, id: string, text: string): Card {
  return { title: text, tone: 'good', blocks: [], actions: [], fallback: text, about: { entity, id, version: 0 } };
}

const emailField: Form['fields'][number] = {
  kind: 'text',
  name: 'email',
  label: 'Mail address',
  required: true,
  maxLength: 200,
  placeholder: 'you@company.com',
};

const codeField = (label: string): Form['fields'][number] => ({
  kind: 'text',
  name: 'code',
  label,
  required: true,
  maxLength: 20,
  placeholder: '1234 5678',
});

/** Asks an unknown chat user for their mail address. */
export function linkCard(id: string, provider: string): Card {
  return {
    title: 'Link your account',
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `We do not know your ${providerName(provider)} account yet. Tell us the mail address under which you were invited; we send a code there.`,
      },
      {
        kind: 'form',
        submit: { label: 'Send code', press: { target: 'identity.request-code', input: {} } },
        fields: [emailField],
      },
    ],
    actions: [
      {
        kind: 'button',
        label: 'I was given a code…',
        word: 'CODE',
        press: { target: 'identity.have-code', input: {} },
      },
    ],
    fallback: 'Link your account to use Parley here.',
    about: { entity: 'link', id, version: 0 },
  };
}

/** Asks for a code that was handed on by an administrator: the one way where no mail is sent. */
export function haveCodeCard(id: string, provider: string): Card {
  return {
    title: 'Link your account',
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `To link your ${providerName(provider)} account, ask your contact at the firm for a code. Then type it here, with the mail address under which you were invited.`,
      },
      {
        kind: 'form',
        submit: { label: 'Link account', press: { target: 'identity.use-code', input: {} } },
        fields: [emailField, codeField('Code from the firm')],
      },
    ],
    actions: [],
    fallback: 'Link your account with a code from the firm.',
    about: { entity: 'link', id, version: 0 },
  };
}

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
        press: { target: 'identity.enter-code', input: { link: linkId } },
      },
    ],
    fallback: 'Check your mail for the code.',
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

export function enterCodeCard(linkId: string): Card {
  return {
    title: 'Enter the code',
    tone: 'info',
    blocks: [
      {
        kind: 'form',
        submit: { label: 'Link account', press: { target: 'identity.confirm-code', input: { link: linkId } } },
        fields: [codeField('Code from the mail')],
      },
    ],
    actions: [],
    fallback: 'Enter the code from the mail.',
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

/** After a code that is not the one. */
export function wrongCode(id: string, again: { target: string; input: Record<string, string> }): Card {
  return {
    ...confirmation('link', id, 'That is not the code we know.'),
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

/** After a code was made: shown by a further press, to whoever had it made alone. */
export function issuedCard(linkId: string, name: string): Card {
  const text = `A code for ${name} was made. It counts for ${ISSUED_MINUTES} minutes.`;
  return {
    ...confirmation('link', linkId, text),
    actions: [
      {
        kind: 'button',
        label: 'Show the code',
        style: 'primary',
        press: { target: 'identity.issued-code', input: { link: linkId } },
      },
    ],
  };
}

export function showCodeCard(linkId: string, name: string, code: string): Card {
  const text = `The code for ${name} is ${code.slice(0, 4)} ${code.slice(4)}`;
  return {
    ...confirmation('link', linkId, text),
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `Give it to ${name} in person or by phone. They write “link” to Parley, press “I was given a code” and type it with their mail address, within ${ISSUED_MINUTES} minutes.`,
      },
    ],
  };
}
