/**
 * Keys under which Slack and Teams send what opens a door for whoever reads it: tokens, addresses that take an answer or
 * a file without asking who sends it, one-time pointers. Compared without case, `_` and `-`.
 */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'token',
  'accesstoken',
  'botaccesstoken',
  'refreshtoken',
  'workflowtoken',
  'secret',
  'clientsecret',
  'password',
  'authorization',
  'authentication',
  // Slack: an answer to whoever pressed, a modal on their screen; our own modals carry such an address in their metadata.
  'responseurl',
  'responseurls',
  'triggerid',
  'interactivitypointer',
  'privatemetadata',
  // Teams: addresses of files that need no login.
  'uploadinfo',
  'uploadurl',
  'downloadurl',
]);

const REMOVED = '[removed]';

/** A payload of a platform as it is kept: JSON, with secrets taken out. Words that people wrote stay as they are. */
export function withoutSecrets(payload: unknown): Buffer {
  return Buffer.from(JSON.stringify(payload, (key, value: unknown) => (isSecret(key, value) ? REMOVED : value)) ?? '');
}

function isSecret(key: string, value: unknown): boolean {
  const plain = key.toLowerCase().replaceAll(/[_-]/g, '');
  // Teams sends the code of a sign-in as `state`; Slack calls what was typed into a form so.
  return SECRET_KEYS.has(plain) || (plain === 'state' && typeof value === 'string');
}
