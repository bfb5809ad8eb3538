import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mentionedIn, parseMessage, plainText } from './message.ts';

const heard = async (name: string) =>
  parseMessage(await readFile(join(import.meta.dirname, 'fixtures', `${name}.json`)), 'T0NORTH');

describe('a stored event', () => {
  test('that is a reply in a thread is something said to the card above it', async () => {
    expect(await heard('event-thread-reply')).toEqual({
      kind: 'said',
      said: {
        who: {
          install: { tool: 'slack', account: 'T0NORTH' },
          provider: 'slack',
          account: 'T0NORTH',
          externalId: 'U0ACME01',
          assurance: 'chat',
        },
        requestId: 'slack:T0NORTH:C0ACME:1795254400.000500:message',
        room: { channel: 'slack', account: 'T0NORTH', address: 'C0ACME' },
        inReplyTo: { messageId: '1795250000.000200' },
        text: 'Please *wait*, <@U0NORTH9> &amp; I look at <https://acme.example/pay|the page>',
      },
      channel: 'C0ACME',
      user: 'U0ACME01',
      thread: '1795250000.000200',
    });
  });

  test('with files says so, and comes from the author’s own workspace in Slack Connect', async () => {
    expect(await heard('event-thread-reply-connect')).toMatchObject({
      kind: 'said',
      said: {
        who: { install: { account: 'T0NORTH' }, account: 'T9ACME', externalId: 'U9OTHER1' },
        text: 'See the picture\n(Attached in Slack: broken.png)',
      },
    });
  });

  test.each([
    ['event-own-message', 'an app wrote it'],
    ['event-message-edited', 'edits and deletions are not mirrored yet'],
    ['event-message-deleted', 'edits and deletions are not mirrored yet'],
    ['event-channel-join', 'channel_join is not something that was said to us'],
  ])('%s is left alone for a reason', async (name, why) => {
    expect(await heard(name)).toEqual({ kind: 'silent', why });
  });

  test('outside of a thread is left alone', () => {
    const event = { type: 'message', channel: 'C1', user: 'U1', text: 'Hello all', ts: '1.1' };

    expect(parseMessage(Buffer.from(JSON.stringify({ event })), 'T1')).toEqual({
      kind: 'silent',
      why: 'it is not in the thread of a card',
    });
    expect(parseMessage(Buffer.from(JSON.stringify({ event: { ...event, thread_ts: '1.1' } })), 'T1')).toMatchObject({
      kind: 'silent',
    });
  });

  test('of a kind that nobody asked for is shown to staff', async () => {
    expect(await heard('event-reaction')).toEqual({
      kind: 'unknown',
      why: 'Parley does not know what to do with the Slack event reaction_added',
    });
  });
});

describe('Slack’s markup', () => {
  const names = new Map([['U1', 'Ada Admin']]);

  test.each([
    ['*bold* and _italic_ and ~gone~', 'bold and italic and gone'],
    ['2*3*4 and snake_case_name stay', '2*3*4 and snake_case_name stay'],
    ['* not bold * _ nor italic _', '* not bold * _ nor italic _'],
    ['*_both_*', 'both'],
    ['code `a *b* c` and ```\nx = y*z*\n```', 'code a *b* c and \nx = y*z*\n'],
    ['&lt;b&gt; &amp;amp; &amp;', '<b> &amp; &'],
    ['ask <@U1> or <@U2|bob> or <@U3>', 'ask @Ada Admin or @bob or @U3'],
    ['see <#C1|general>, <!here>, <!subteam^S1|@devs>', 'see #general, @here, @devs'],
    ['<https://a.example/x?a=1&amp;b=2|this page>', 'this page (https://a.example/x?a=1&b=2)'],
    [
      '<https://a.example> <http://a.example|a.example> <mailto:a@b.example|a@b.example>',
      'https://a.example http://a.example a@b.example',
    ],
    ['<!date^1392734382^{date}|18 Feb 2014>', '18 Feb 2014'],
    ['literal &lt;@U1&gt;', 'literal <@U1>'],
    ['', ''],
  ])('%j reads %j', (given, expected) => {
    expect(plainText(given, names)).toBe(expected);
  });

  test('names whom it mentions without a name, once each', () => {
    expect(mentionedIn('<@U1> <@U2|bob> <@U1> <@W3>')).toEqual(['U1', 'W3']);
  });
});
