import type { Card } from '../kernel/card.ts';
import { CODE_MINUTES, providerName } from './link.ts';

/** One sentence that says what was done. */
export function confirmation(entity: string, id: string, text: string): Card {
  return { title: text, tone: 'good', blocks: [], actions: [], fallback: text, about: { entity, id, version: 0 } };
}

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
        fields: [
          {
            kind: 'text',
            name: 'email',
            label: 'Mail address',
            required: true,
            maxLength: 200,
            placeholder: 'you@company.com',
          },
        ],
      },
    ],
    actions: [],
    fallback: 'Link your account to use Parley here.',
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
        text: `If ${email} was invited, a code is on its way there. It counts for ${CODE_MINUTES} minutes. You can also press the button in that mail.`,
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
        fields: [
          {
            kind: 'text',
            name: 'code',
            label: 'Code from the mail',
            required: true,
            maxLength: 20,
            placeholder: '1234 5678',
          },
        ],
      },
    ],
    actions: [],
    fallback: 'Enter the code from the mail.',
    about: { entity: 'link', id: linkId, version: 0 },
  };
}

/** The mail that carries the code, to the verified address alone. */
export function codeCard(linkId: string, provider: string, code: string): Card {
  return {
    title: `Your code is ${code.slice(0, 4)} ${code.slice(4)}`,
    tone: 'info',
    blocks: [
      {
        kind: 'text',
        text: `Somebody wants to use Parley as you from a ${providerName(provider)} account. If that is you, type this code there, or press the button.`,
      },
      {
        kind: 'text',
        text: `The code counts for ${CODE_MINUTES} minutes. If it was not you, do nothing.`,
        subtle: true,
      },
    ],
    actions: [
      {
        kind: 'button',
        label: `Yes, link my ${providerName(provider)} account`,
        style: 'primary',
        word: 'LINK',
        press: { target: 'identity.confirm', input: { link: linkId } },
      },
    ],
    fallback: 'Your code to link an account',
    about: { entity: 'link', id: linkId, version: 0 },
  };
}
