import type { Attributes } from './html-style.ts';

/** Classes of elements in which clients put what they quote, with its attribution: Gmail, Yahoo, Thunderbird, Proton, Zoho … */
const QUOTE_CLASSES = new Set([
  ...['gmail_quote', 'gmail_quote_container', 'gmail_attr', 'yahoo_quoted', 'moz-cite-prefix', 'moz-forward-container'],
  ...['protonmail_quote', 'tutanota_quote', 'zmail_extra', 'ik_mail_quote', 'outlookmessageheader', 'hushmail_quote'],
  ...['ms-outlook-mobile-reference-message', 'qt', 'freebirdreplyheader', 'mailspring-quote'],
]);

/** Where Outlook and others begin what they answer, without putting it into anything: all that follows is quoted. */
const REST_IDS = [
  'divrplyfwdmsg',
  'appendonsend',
  'replysplit',
  'olk_src_body_section',
  'mail-editor-reference-message-container',
];

const SIGNATURE_CLASSES = new Set([
  'gmail_signature',
  'moz-signature',
  'protonmail_signature_block-user',
  'zmail_signature',
]);

export function isQuoteBox({ class: names = '', name = '', id = '' }: Attributes): boolean {
  return (
    classesOf(names).some((one) => QUOTE_CLASSES.has(one)) ||
    name.toLowerCase() === 'quote' ||
    id.toLowerCase().startsWith('yahoo_quoted')
  );
}

export function isRestQuoted({ id = '' }: Attributes): boolean {
  const plain = id.toLowerCase();
  return REST_IDS.some((one) => plain.endsWith(one));
}

export function isSignatureBox({ class: names = '', id = '' }: Attributes): boolean {
  return (
    classesOf(names).some((one) => SIGNATURE_CLASSES.has(one)) || /^(x_)?(ms-outlook-mobile-)?signature$/i.test(id)
  );
}

function classesOf(names: string): string[] {
  return names.slice(0, 500).toLowerCase().split(/\s+/);
}
