import { describe, expect, test } from '@jest/globals';
import { isSigned } from './signature.ts';

// The example of Slack's documentation.
const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const at = 1531420618;
const body = Buffer.from(
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
);
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const headers = { timestamp: String(at), signature };

describe('a signature', () => {
  test('of Slack is accepted', () => {
    expect(isSigned(secret, body, headers, at)).toBe(true);
  });

  test.each([-300, 300])('made %i seconds away is still accepted, and no longer one second further', (off) => {
    expect(isSigned(secret, body, headers, at + off)).toBe(true);
    expect(isSigned(secret, body, headers, at + off + Math.sign(off))).toBe(false);
  });

  test.each<[string, object]>([
    ['another version', { signature: signature.replace('v0', 'v1') }],
    ['another hash', { signature: signature.replace(/3$/, '4') }],
    ['a shorter hash', { signature: signature.slice(0, -1) }],
    ['capitals', { signature: signature.toUpperCase() }],
    ['no signature', { signature: undefined }],
    ['two signatures', { signature: [signature, signature] }],
    ['another timestamp', { timestamp: String(at + 1) }],
    ['a timestamp with more in it', { timestamp: `${at}:x` }],
    ['no timestamp', { timestamp: undefined }],
  ])('with %s is refused', (_, change) => {
    expect(isSigned(secret, body, { ...headers, ...change }, at)).toBe(false);
  });

  test('of another body or by another secret is refused', () => {
    expect(isSigned(secret, Buffer.concat([body, Buffer.from('&')]), headers, at)).toBe(false);
    expect(isSigned('8f742231b10e8888abcd99yyyzzz85a6', body, headers, at)).toBe(false);
  });

  test('is of the bytes, not of what they decode to', () => {
    expect(isSigned(secret, Buffer.from([0xff, 0xfe]), headers, at)).toBe(false);
  });
});
