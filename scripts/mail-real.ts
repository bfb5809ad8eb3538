import type { Expected } from './mail-measure.ts';

/** Of each real mail in ../shared/mail: lines that its writer wrote, and lines that they quote or sign with. */
export const REAL: Readonly<Record<string, Expected>> = {
  correct_sig: { own: ['this is an email with a correct -- signature.'], foreign: ['rick'] },
  email_1_1: { own: ['Hi folks', 'I am currently using the Java HTTP API.'], foreign: ['riak-users mailing list'] },
  email_1_2: {
    own: ['You can list the keys for the bucket', 'would do it.', 'one at a time'],
    foreign: ['Hi folks', '-Abhishek Kona'],
  },
  email_1_3: { own: ['Oh thanks.', 'Having the function would be great.'], foreign: ['You can list the keys'] },
  email_1_4: {
    own: ["Awesome! I haven't had another problem with it."],
    foreign: ['Loader seems to be working well.'],
  },
  email_1_5: { own: ["One: Here's what I've got.", '- And another one', 'for a while.'], foreign: [] },
  email_1_6: { own: ['I get proper rendering as well.'], foreign: ['Was this caching related'] },
  email_1_7: { own: [':+1:'], foreign: ['Steps 0-2'] },
  email_1_8: { own: ['I will reply under this one', 'and under this.'], foreign: ['okay.  Well,', 'hi there'] },
  email_2_1: { own: ['Outlook with a reply'], foreign: ['Dear Google Apps Sync user'] },
  email_2_2: { own: ['Outlook with a reply directly above line'], foreign: ['I am replying to a comment.'] },
  email_2_3: { own: ['Outlook with a reply directly above line'], foreign: ['I am replying to a comment.'] },
  email_BlackBerry: { own: ['Here is another email'], foreign: ['Sent from my BlackBerry'] },
  email_bullets: { own: ['test 2 this should list second', '- and another'], foreign: ['Give us an example'] },
  email_iPhone: { own: ['Here is another email'], foreign: ['Sent from my iPhone'] },
  email_long_quote: {
    own: ['Hi folks', 'I am currently using the Java HTTP API.'],
    foreign: ['riak-users mailing list'],
  },
  email_multi_word_sent_from_my_mobile_device: { own: ['Here is another email'], foreign: ['Sent from my Verizon'] },
  email_one_is_not_on: {
    own: ['Thank, this is really helpful.', 'Locally (on development), when I run...'],
    foreign: ['The good news'],
  },
  email_sent_from_my_not_signature: { own: ['Here is another email'], foreign: [] },
  email_sig_delimiter_in_middle_of_line: { own: ['Hi there!', 'kthxbai'], foreign: [] },
  greedy_on: {
    own: ['On your remote host you can run:', 'fails, the tunnel is not working.'],
    foreign: ['I am having an odd issue'],
  },
  pathological: { own: ["I think you're onto something.", 'get back to a computer.'], foreign: ['I think your code'] },
};
