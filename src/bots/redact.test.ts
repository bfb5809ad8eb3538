import { expect, test } from '@jest/globals';
import { withoutSecrets } from './redact.ts';

const kept = (payload: unknown) => JSON.parse(withoutSecrets(payload).toString('utf8')) as unknown;

test.each([
  ['token'],
  ['bot_access_token'],
  ['accessToken'],
  ['refresh_token'],
  ['workflow_token'],
  ['secret'],
  ['response_url'],
  ['trigger_id'],
  ['interactivity_pointer'],
  ['private_metadata'],
  ['uploadUrl'],
  ['downloadUrl'],
  ['state'],
])('the value of %s is not kept, however deep it lies', (key) => {
  expect(kept({ event: { inputs: [{ [key]: 'abcd-1234', beside: 'stays' }] } })).toEqual({
    event: { inputs: [{ [key]: '[removed]', beside: 'stays' }] },
  });
});

test('a secret that is a list or an object goes as a whole', () => {
  expect(kept({ response_urls: [{ response_url: 'https://x' }], uploadInfo: { uploadUrl: 'https://y' } })).toEqual({
    response_urls: '[removed]',
    uploadInfo: '[removed]',
  });
});

test('what was typed into a form, and words that speak of a token, stay', () => {
  const payload = { text: 'my token is lost', state: { values: { a: { b: { value: 'x' } } } }, tokens: 2 };

  expect(kept(payload)).toEqual(payload);
});
