import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secretsFrom } from '../../core/kernel/secrets.ts';
import {
  answerMessageId,
  bounceAddress,
  cardMessageId,
  cardOfMessageId,
  isOurMessageId,
  proofAddress,
  readTag,
  replyAddress,
  requireRoomForTags,
} from './address.ts';

const REPLY_TO = 'reply@northwind.example';
const CARD = '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11';
const old = 'an earlier secret, long enough to be one';
const now = 'the secret of today, long enough to be one';
const secrets = secretsFrom([now]);

describe('a tagged reply address', () => {
  test('names its card and what was shown, in any case', () => {
    const address = replyAddress(secrets, REPLY_TO, CARD, 'deadbeef');

    expect(readTag(secrets, REPLY_TO, address.toUpperCase())).toEqual({
      kind: 'reply',
      cardId: CARD,
      shown: 'deadbeef',
    });
  });

  test('fits into a local part for every card', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.stringMatching(/^[0-9a-f]{8}$/), (card, shown) => {
        const address = replyAddress(secrets, REPLY_TO, card, shown);
        expect(address.indexOf('@')).toBeLessThanOrEqual(64);
        expect(address).toMatch(/^reply\+[a-z2-7]{48}@northwind\.example$/);
        expect(readTag(secrets, REPLY_TO, address)).toEqual({ kind: 'reply', cardId: card, shown });
      }),
    );
  });

  test('that was changed by one character is nobody’s', () => {
    for (const address of [
      replyAddress(secrets, REPLY_TO, CARD, '00000000'),
      bounceAddress(secrets, REPLY_TO, CARD),
      proofAddress(secrets, REPLY_TO, CARD),
    ])
      for (let at = 6; at < address.indexOf('@'); at += 1)
        for (const letter of 'abcdefghijklmnopqrstuvwxyz234567'.replace(address[at] ?? '', '')) {
          const changed = `${address.slice(0, at)}${letter}${address.slice(at + 1)}`;
          expect([changed, readTag(secrets, REPLY_TO, changed)]).toEqual([changed, null]);
        }
  });

  test('with a letter more or less is nobody’s', () => {
    for (const address of [bounceAddress(secrets, REPLY_TO, CARD), replyAddress(secrets, REPLY_TO, CARD, '00000000')]) {
      const at = address.indexOf('@');
      for (const letter of 'abcdefghijklmnopqrstuvwxyz234567')
        expect(readTag(secrets, REPLY_TO, `${address.slice(0, at)}${letter}${address.slice(at)}`)).toBeNull();
      expect(readTag(secrets, REPLY_TO, `${address.slice(0, at - 1)}${address.slice(at)}`)).toBeNull();
    }
  });

  test('of another address, another secret or no tag is nobody’s', () => {
    const address = replyAddress(secrets, REPLY_TO, CARD, '00000000');

    expect(readTag(secrets, 'reply@other.example', address)).toBeNull();
    expect(readTag(secretsFrom([old]), REPLY_TO, address)).toBeNull();
    for (const other of [REPLY_TO, 'reply+@northwind.example', 'reply+x@northwind.example', 'bob@acme.example', ''])
      expect(readTag(secrets, REPLY_TO, other)).toBeNull();
  });

  test('stays good while the secret is being changed', () => {
    const address = replyAddress(secretsFrom([old]), REPLY_TO, CARD, '00000000');

    expect(readTag(secretsFrom([now, old]), REPLY_TO, address)).toMatchObject({ cardId: CARD });
  });

  test('for bounces is not one for answers', () => {
    const address = bounceAddress(secrets, REPLY_TO, CARD);

    expect(readTag(secrets, REPLY_TO, address)).toEqual({ kind: 'bounce', cardId: CARD });
  });

  test('needs room: a long or tagged MAIL_REPLY_TO is refused with its cure', () => {
    expect(() => requireRoomForTags('a.very.long.mailbox@x.example')).toThrow(/MAIL_REPLY_TO.*15 characters/);
    expect(() => requireRoomForTags('reply+hub@x.example')).toThrow(/MAIL_REPLY_TO/);
    expect(() => requireRoomForTags(REPLY_TO)).not.toThrow();
  });
});

test('Message-IDs of ours are known, and name their card', () => {
  expect(cardOfMessageId(REPLY_TO, cardMessageId(REPLY_TO, CARD))).toBe(CARD);
  expect(cardOfMessageId(REPLY_TO, `<card.${CARD}@other.example>`)).toBeNull();
  expect(cardOfMessageId(REPLY_TO, '<card.------------------------------------@northwind.example>')).toBeNull();
  expect(isOurMessageId(REPLY_TO, answerMessageId(REPLY_TO, '<a@b>'))).toBe(true);
  expect(answerMessageId(REPLY_TO, '<a@b>')).toBe(answerMessageId(REPLY_TO, '<a@b>'));
  expect(isOurMessageId(REPLY_TO, '<a@northwind.example>')).toBe(false);
});
