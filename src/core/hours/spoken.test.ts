import { expect, test } from '@jest/globals';
import { readSpoken } from './spoken.ts';

const projects = [
  { id: 'website', name: 'Acme website' },
  { id: 'app', name: 'Acme app' },
  { id: 'shop', name: 'Shop' },
];

test.each<[string, ReturnType<typeof readSpoken>]>([
  ['2h website: fixing the header', { time: '2h', project: 'website', part: null, note: 'fixing the header' }],
  ['2h on website: #12 fixing', { time: '2h', project: 'website', part: '#12', note: 'fixing' }],
  ['2h on website', { time: '2h', project: 'website', part: null, note: null }],
  ['2h on website fixing it', { time: '2h', project: 'website', part: null, note: 'fixing it' }],
  ['2h on fixing the header', { time: '2h', project: null, part: null, note: 'fixing the header' }],
  ['2h on a call', { time: '2h', project: null, part: null, note: 'a call' }],
  ['2h shop window', { time: '2h', project: null, part: null, note: 'shop window' }],
  ['1:30 for shop', { time: '1:30', project: 'shop', part: null, note: null }],
  ['90m #12', { time: '90m', project: null, part: '#12', note: null }],
  ['2h 15m Acme App: call', { time: '2h 15m', project: 'app', part: null, note: 'call' }],
  // Two projects of the firm are Acme's: whoever types chooses.
  ['2h acme: call', { time: '2h', project: null, part: null, note: 'acme: call' }],
  ['2h nowhere: call', { time: '2h', project: null, part: null, note: 'nowhere: call' }],
  ['2h : call', { time: '2h', project: null, part: null, note: ': call' }],
  ['fixing the website', { time: null, project: null, part: null, note: 'fixing the website' }],
  ['', { time: null, project: null, part: null, note: null }],
])('%j is read as the fields of the form, and nothing that was said is lost', (text, spoken) => {
  expect(readSpoken(text, projects)).toEqual(spoken);
});
