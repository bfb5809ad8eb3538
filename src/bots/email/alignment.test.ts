import { describe, expect, test } from '@jest/globals';
import { computed } from '../../testing/computing.ts';
import { alignmentOf } from './alignment.ts';
import { readHeaders, senderOf } from './headers.ts';

const SERVER = 'mx.northwind.example';

/** The verdict on a mail from bob@acme.example with these fields above it. */
function judge(...fields: string[]) {
  const headers = readHeaders(Buffer.from(`${fields.join('\r\n')}\r\nFrom: Bob <bob@acme.example>\r\n\r\nhi`));
  return alignmentOf(headers, 'bob@acme.example', SERVER);
}

describe('who wrote a mail is believed when the receiving server says so', () => {
  test.each([
    ['DMARC passed', `${SERVER}; dmarc=pass (p=NONE sp=NONE) header.from=acme.example`, 'dmarc'],
    [
      'DMARC passed, folded and in capitals',
      `MX.Northwind.Example 1;\r\n\tDMARC=Pass\r\n header.from=ACME.example`,
      'dmarc',
    ],
    [
      'no policy, but DKIM is aligned',
      `${SERVER}; dmarc=none header.from=acme.example; dkim=pass header.d=acme.example`,
      'dkim',
    ],
    [
      'DKIM of the domain above',
      `${SERVER}; dkim=pass (2048-bit key; unprotected) header.d=example.com header.i=@acme.example`,
      null,
    ],
    ['DKIM named by its identity', `${SERVER}; dkim=pass header.i=@mail.acme.example`, 'dkim'],
    ['SPF of a bounce domain below', `${SERVER}; spf=pass smtp.mailfrom=b@bounce.acme.example`, 'spf'],
    [
      'the second of two signatures',
      `${SERVER}; dkim=fail header.d=acme.example; dkim=pass header.d=acme.example`,
      'dkim',
    ],
  ])('%s', (_name, field, by) => {
    const verdict = judge(`Authentication-Results: ${field}`);

    expect(verdict).toEqual(by ? { verified: true, by } : { verified: false, why: expect.any(String) });
  });
});

describe('it is not believed', () => {
  test.each([
    ['nothing was found out', `${SERVER}; none`],
    [
      'DMARC failed, though SPF passed',
      `${SERVER}; dmarc=fail header.from=acme.example; spf=pass smtp.mailfrom=acme.example`,
    ],
    [
      'DMARC passed for another From',
      `${SERVER}; dmarc=pass header.from=evil.example; dkim=pass header.d=acme.example`,
    ],
    ['DMARC passed for nobody', `${SERVER}; dmarc=pass`],
    ['DKIM is of a stranger', `${SERVER}; dkim=pass header.d=evil.example`],
    ['DKIM is neutral', `${SERVER}; dkim=neutral header.d=acme.example`],
    ['a domain only looks like it', `${SERVER}; dkim=pass header.d=notacme.example`],
    ['a top level vouches', `${SERVER}; dkim=pass header.d=example`],
    [
      'only comments fill it for 32 KB before a pass',
      `${SERVER}; (${'x'.repeat(32_000)}) dmarc=pass header.from=acme.example`,
    ],
    ['SPF is of the server name', `${SERVER}; spf=pass smtp.helo=acme.example`],
    [
      'a pass stands in a comment',
      `${SERVER}; dkim=fail (dkim=pass header.d=acme.example; dmarc=pass header.from=acme.example) header.d=evil.example`,
    ],
    [
      'a pass stands in quotes',
      `${SERVER}; spf=pass reason="; dmarc=pass header.from=acme.example" smtp.mailfrom=x@evil.example`,
    ],
    [
      'a sender chose a hostile name',
      `${SERVER}; spf=pass smtp.mailfrom="a smtp.mailfrom=bob@acme.example"@evil.example`,
    ],
    ['another server says it', 'mx.evil.example; dmarc=pass header.from=acme.example'],
    ['a server says it whose name only begins so', `${SERVER}.evil.example; dmarc=pass header.from=acme.example`],
  ])('when %s', (_name, field) => {
    expect(judge(`Authentication-Results: ${field}`)).toMatchObject({ verified: false });
  });

  test('by a second field below that of the server', () => {
    const verdict = judge(
      `Authentication-Results: ${SERVER}; dmarc=fail header.from=acme.example`,
      `Authentication-Results: ${SERVER}; dmarc=pass header.from=acme.example`,
    );

    expect(verdict).toEqual({ verified: false, why: 'DMARC says fail for acme.example' });
  });

  test('without any field, or without a server to trust', () => {
    const fields = readHeaders(
      Buffer.from(`Authentication-Results: ${SERVER}; dmarc=pass header.from=acme.example\r\n\r\n`),
    );

    expect(judge()).toEqual({ verified: false, why: `the mail carries no Authentication-Results of ${SERVER}` });
    expect(alignmentOf(fields, 'bob@acme.example', undefined)).toMatchObject({ verified: false });
  });

  test.each(['a', '(', '"', ' ', ' a', 'a.a=', ';', '\\', '("', '= ', ' ='])(
    'and a field of a megabyte of %j is judged at once',
    (filler) => {
      const field = {
        name: 'authentication-results',
        value: `${SERVER}; dkim=pass ${filler.repeat(1e6 / filler.length)}`,
      };
      const started = computed();

      expect(alignmentOf([field, field], 'bob@acme.example', SERVER)).toMatchObject({ verified: false });
      expect(computed() - started).toBeLessThan(1_000);
    },
  );
});

describe('a domain vouches for the domains of its own organisation alone', () => {
  const vouches = (signer: string, from: string) =>
    alignmentOf(
      [{ name: 'authentication-results', value: `${SERVER}; dkim=pass header.d=${signer}` }],
      `bob@${from}`,
      SERVER,
    ).verified;

  test.each([
    ['co.uk', 'client.co.uk'],
    ['other.co.uk', 'client.co.uk'],
    ['com.au', 'client.com.au'],
    ['github.io', 'client.github.io'],
    ['evil.example', 'client.example'],
    ['uk', 'client.uk'],
    ['168.0.1', '192.168.0.1'],
  ])('%s does not vouch for %s', (signer, from) => {
    expect(vouches(signer, from)).toBe(false);
  });

  test.each([
    ['client.co.uk', 'mail.client.co.uk'],
    ['mail.client.co.uk', 'client.co.uk'],
    ['bounces.client.com', 'news.client.com'],
    ['client.com', 'client.com'],
  ])('%s vouches for %s', (signer, from) => {
    expect(vouches(signer, from)).toBe(true);
  });
});

describe('the sender is the one address of the one From', () => {
  const senderIn = (head: string) => senderOf(readHeaders(Buffer.from(`${head}\r\n\r\n`)));

  test('whatever its display name says', () => {
    expect(senderIn('From: "ceo@acme.example" <Bob@Acme.example>')).toEqual({ address: 'bob@acme.example' });
    expect(senderIn('From: =?utf-8?q?B=C3=B6b_=3Cx=40y.example=3E?= <bob@acme.example>')).toEqual({
      address: 'bob@acme.example',
    });
  });

  test.each([
    ['two addresses', 'From: bob@acme.example, eve@evil.example'],
    ['two fields', 'From: bob@acme.example\r\nFrom: eve@evil.example'],
    ['a group', 'From: team: bob@acme.example, eve@evil.example;'],
    ['none', 'Subject: hi'],
    ['no address', 'From: Bob'],
  ])('and %s is nobody', (_name, head) => {
    expect(senderIn(head)).toHaveProperty('fault');
  });
});
