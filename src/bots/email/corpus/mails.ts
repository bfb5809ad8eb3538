import { createHash } from 'node:crypto';
import { MARKER } from '../limits.ts';
import type { Piece } from './clients.ts';
import { CLIENTS } from './clients.ts';
import type { Language } from './languages.ts';
import { LANGUAGES } from './languages.ts';

/** A mail of the corpus with what its writer wrote and what they quoted or signed with. */
export interface CorpusMail {
  name: string;
  raw: Buffer;
  /** Every line of these must stand in what was said. */
  own: string[];
  /** None of these may. */
  foreign: string[];
  /** Set aside: rules are made by looking at the others alone. */
  heldOut: boolean;
}

interface Style {
  name: string;
  inline: boolean;
  pieces(language: Language, ours: readonly string[]): { pieces: Piece[]; foreign?: string[] };
}

const OURS = [
  MARKER,
  '',
  'Checkout redesign',
  '[Waiting for both approvals]',
  '',
  'Project: Website',
  'Dates: 2 Nov 2026 – 27 Nov 2026',
  '- Basket page, for desktop and mobile',
  'Approve: https://parley.example/l/abc',
];
/** What is quoted when somebody answers a colleague in the thread: no marker of ours in it. */
const THEIRS = [
  'Hello Bob,',
  '',
  'please look at the second draft of the basket page.',
  'The texts are not final yet.',
  '',
  'Ada',
];

const STYLES: readonly Style[] = [
  {
    name: 'top',
    inline: false,
    pieces: ({ says }, ours) => ({ pieces: [{ own: [says[0], '', says[1]] }, { quote: ours }] }),
  },
  { name: 'one line', inline: false, pieces: ({ says }, ours) => ({ pieces: [{ own: [says[0]] }, { quote: ours }] }) },
  {
    name: 'signed',
    inline: false,
    pieces: ({ says }, ours) => ({
      pieces: [{ own: [says[1]] }, { own: ['-- ', 'Bob Example', 'Acme Ltd'] }, { quote: ours }],
      foreign: ['Acme Ltd'],
    }),
  },
  {
    name: 'signed off, with a postscript',
    inline: false,
    pieces: ({ says, signOff }, ours) => ({
      pieces: [{ own: [says[0], '', `${signOff},`, 'Bob', '', `PS: ${says[2]}`] }, { quote: ours }],
    }),
  },
  {
    name: 'parts between lines of dashes',
    inline: false,
    pieces: ({ says }, ours) => ({
      pieces: [{ own: [says[0], '', '----', '', says[1], '--', says[2]] }, { quote: ours }],
    }),
  },
  {
    name: 'a list',
    inline: false,
    pieces: ({ says }, ours) => ({
      pieces: [{ own: [says[1], '', `- ${says[0]}`, `- ${says[2]}`, '', '1: 2026', '2: 10:15'] }, { quote: ours }],
    }),
  },
  {
    name: 'below',
    inline: true,
    pieces: ({ says }, ours) => ({ pieces: [{ quote: ours }, { own: [says[0], says[1]] }] }),
  },
  {
    name: 'between',
    inline: true,
    pieces: ({ says }, ours) => ({
      pieces: [{ quote: ours.slice(0, 4) }, { own: [says[1]] }, { quote: ours.slice(4) }, { own: [says[2]] }],
    }),
  },
  {
    name: 'above and between',
    inline: true,
    pieces: ({ says }, ours) => ({
      pieces: [{ own: [says[0]] }, { quote: ours.slice(0, 4) }, { own: [says[1]] }, { quote: ours.slice(4) }],
    }),
  },
  {
    name: 'facts that look like a header',
    inline: false,
    pieces: ({ says }, ours) => ({
      pieces: [{ own: [says[0], '', 'Name: Bob', 'Date: 3 December', 'Place: Berlin'] }, { quote: ours }],
    }),
  },
];

/** Every language with every program, the styles taken in turn: the same mails on every machine. */
export function corpus(shift = 0): CorpusMail[] {
  return LANGUAGES.flatMap((language, row) =>
    CLIENTS.map((client, column) => {
      const fitting = STYLES.filter(({ inline }) => client.inline || !inline);
      const style = fitting[(row * 3 + column + shift) % fitting.length] as Style;
      const ours = (row + column) % 3 === 0 ? THEIRS : OURS;
      const { pieces, foreign = [] } = style.pieces(language, ours);
      const name = `${language.code}, ${client.name}, ${style.name}${ours === THEIRS ? ', without our marker' : ''}`;
      const own = pieces.flatMap((piece) => ('own' in piece ? piece.own : []));
      const isSigned = foreign.length > 0;
      return {
        name,
        raw: mailOf(client.write(pieces, language)),
        own: (isSigned ? own.slice(0, 1) : own).filter((line) => line.trim() && !/^-+\s?$/.test(line)),
        foreign: [...ours.filter((line) => line.length > 8), ...foreign, 'hub@northwind.example'],
        heldOut: (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 1,
      };
    }),
  );
}

function mailOf({ text, html, flowed }: { text?: string; html?: string; flowed?: boolean }): Buffer {
  const type =
    html === undefined ? `text/plain; charset=utf-8${flowed ? '; format=flowed' : ''}` : 'text/html; charset=utf-8';
  const head = [
    'From: bob@acme.example',
    'To: hub@northwind.example',
    'Subject: Re: Checkout redesign',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
  ];
  const body = Buffer.from((html ?? text ?? '').replaceAll('\n', '\r\n')).toString('base64');
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body.match(/.{1,76}/g)?.join('\r\n') ?? ''}\r\n`);
}
