import PDFDocument from 'pdfkit';
import type { Paper } from '../party.ts';
import { FACTUR_X, FILE_NAME } from './factur-x.ts';
import { drawable, FONTS } from './fonts.ts';

const MARGIN = 50;
const FOOT = 70;
const SIZE = 9;
/** Between two blocks, and inside a row above and below its text. */
const GAP = 14;
const PADDING = 3;

/** pdfkit takes a font that was read before; its types do not know yet. */
const SOURCES = FONTS as unknown as Record<keyof typeof FONTS, PDFKit.Mixins.PDFFontSource>;

type Parent = PDFKit.PDFStructureElement;

export interface Column {
  title: string;
  /** In points; the one without takes what is left. */
  width?: number;
  align?: 'left' | 'right';
}

interface Style {
  size?: number;
  bold?: boolean;
}

interface Options {
  /** Plain words: it stands in the metadata as it is given. */
  title: string;
  paper: Paper;
  madeAt: Date;
}

/**
 * A document that is written from top to bottom over as many pages as it takes. Each text has its place in the structure that a
 * screen reader follows; what only decorates a page or repeats on each is marked as such. The same texts give the same bytes.
 */
export class Sheet {
  readonly #doc: PDFKit.PDFDocument;
  readonly #root: Parent;
  readonly #chunks: Buffer[] = [];

  readonly #options: Options;

  constructor(options: Options) {
    const { title, paper, madeAt } = options;
    this.#options = options;
    this.#doc = new PDFDocument({
      ...{ size: paper, margins: { top: MARGIN, bottom: FOOT, left: MARGIN, right: MARGIN } },
      ...{ pdfVersion: '1.7', subset: 'PDF/A-3a', tagged: true, lang: 'en', displayTitle: true, bufferPages: true },
      font: SOURCES.regular as string,
      info: { Title: title, Creator: 'Parley', Producer: 'Parley', CreationDate: madeAt },
    });
    this.#doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#root = this.#doc.struct('Document');
    this.#doc.addStructure(this.#root);
  }

  get #width(): number {
    return this.#doc.page.width - 2 * MARGIN;
  }

  /** A paragraph, or a heading. */
  say(text: string, { type = 'P', ...style }: Style & { type?: 'P' | 'H1' | 'H2' } = {}): void {
    this.#draw(this.#root, type, text, { x: MARGIN, y: this.#doc.y, width: this.#width, ...style });
    this.#doc.y += GAP / 2;
  }

  /** Blocks of lines side by side, the first line of each in bold. */
  blocks(blocks: readonly { title: string; lines: readonly string[] }[]): void {
    const top = this.#doc.y + GAP / 2;
    const width = (this.#width - GAP * (blocks.length - 1)) / blocks.length;
    const ends = blocks.map(({ title, lines }, index) => {
      const x = MARGIN + index * (width + GAP);
      this.#draw(this.#root, 'H2', title, { x, y: top, width, bold: true });
      this.#draw(this.#root, 'P', lines.join('\n'), { x, y: this.#doc.y + 2, width });
      return this.#doc.y;
    });
    this.#doc.y = Math.max(...ends) + GAP;
  }

  /** Rows below their titles, which are repeated on each page. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const table = this.#open('Table');
    const titles = columns.map(({ title }) => title);
    this.#row(table, columns, titles, 'TH');
    for (const row of rows) {
      if (!this.#fits(columns, row)) {
        this.#doc.addPage();
        this.#row(null, columns, titles, 'TH');
      }
      this.#row(table, columns, row, 'TD');
    }
    table.end();
    this.#doc.y += GAP;
  }

  /** Facts, each behind its label. @param at how far from the left they begin, in points */
  facts(
    facts: readonly (readonly [label: string, value: string])[],
    { at = 0, wide = 150, boldLast = false } = {},
  ): void {
    const table = this.#open('Table');
    const align = at ? 'right' : 'left';
    const columns: Column[] = [
      { title: '', width: wide },
      { title: '', align },
    ];
    for (const [index, fact] of facts.entries()) {
      if (!this.#fits(columns, fact, at)) this.#doc.addPage();
      const row = this.#open('TR', table);
      const top = this.#doc.y;
      const bold = boldLast && index === facts.length - 1;
      const ends = fact.map((text, place) => {
        const { x, width } = this.#place(columns, place, at);
        this.#draw(row, place ? 'TD' : 'TH', text, { x, y: top, width, bold, align: place ? align : 'left' });
        return this.#doc.y;
      });
      row.end();
      this.#doc.y = Math.max(...ends) + 2;
    }
    table.end();
    this.#doc.y += GAP / 2;
  }

  /** Embeds a file that says the same as the pages. */
  attach(invoice: Buffer): void {
    const { madeAt } = this.#options;
    this.#doc.file(invoice, {
      ...{ name: FILE_NAME, type: 'text/xml', relationship: 'Alternative' },
      ...{ description: 'The same as an e-invoice by EN 16931', creationDate: madeAt, modifiedDate: madeAt },
    });
    this.#doc.appendXML(FACTUR_X);
  }

  /** Ends it, with a line at the foot of each page. */
  async bytes(foot: string): Promise<Buffer> {
    this.#root.end();
    const { start, count } = this.#doc.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.#doc.switchToPage(page);
      this.#doc.page.margins.bottom = 0;
      const text = drawable(`${foot} · Page ${page - start + 1} of ${count}`);
      const y = this.#doc.page.height - FOOT / 2;
      this.#decorate('Pagination', () =>
        this.#doc
          .font(SOURCES.regular, SIZE - 1)
          .text(text, MARGIN, y, { width: this.#width, height: SIZE + 2, ellipsis: true }),
      );
    }
    const ended = new Promise((resolve, reject) => this.#doc.on('end', resolve).on('error', reject));
    this.#doc.end();
    await ended;
    return Buffer.concat(this.#chunks);
  }

  #open(type: string, parent: Parent = this.#root): Parent {
    const element = this.#doc.struct(type);
    parent.add(element);
    return element;
  }

  #draw(parent: Parent, type: string, text: string, { x, y, width, align = 'left', ...style }: Style & Place): void {
    const write = () => this.#font(style).text(drawable(text), x, y, { width, align });
    parent.add(this.#doc.struct(type, {}, write));
  }

  #font({ size = SIZE, bold = false }: Style): PDFKit.PDFDocument {
    return this.#doc.font(bold ? SOURCES.bold : SOURCES.regular, size).fillColor('black');
  }

  /** @param table null for a row that only repeats what was said on the page before */
  #row(table: Parent | null, columns: readonly Column[], row: readonly string[], type: 'TH' | 'TD'): void {
    const height = this.#heightOf(columns, row);
    const top = this.#doc.y;
    this.#decorate('Layout', () =>
      this.#doc
        .lineWidth(type === 'TH' ? 0.8 : 0.3)
        .moveTo(MARGIN, top + height)
        .lineTo(MARGIN + this.#width, top + height)
        .stroke('black'),
    );
    const element = table && this.#open('TR', table);
    for (const [index, text] of row.entries()) {
      const place = { ...this.#place(columns, index), y: top + PADDING, bold: type === 'TH' };
      if (element) this.#draw(element, type, text, place);
      else this.#decorate('Pagination', () => this.#font(place).text(drawable(text), place.x, place.y, place));
    }
    element?.end();
    this.#doc.y = top + height;
  }

  #decorate(type: 'Layout' | 'Pagination', write: () => unknown): void {
    this.#doc.markContent('Artifact', { type });
    write();
    this.#doc.endMarkedContent();
  }

  #place(columns: readonly Column[], index: number, at = 0): Omit<Place, 'y'> {
    const fixed = columns.reduce((sum, { width = 0 }) => sum + width, 0);
    const widthOf = ({ width }: Column) => width ?? this.#width - at - fixed;
    const before = columns.slice(0, index).reduce((sum, column) => sum + widthOf(column), 0);
    const column = columns[index] ?? { title: '' };
    return { x: MARGIN + at + before, width: widthOf(column) - PADDING, align: column.align ?? 'left' };
  }

  #heightOf(columns: readonly Column[], row: readonly string[], at = 0): number {
    const heights = row.map((text, index) => {
      const { width } = this.#place(columns, index, at);
      return this.#font({ bold: true }).heightOfString(drawable(text), { width });
    });
    return Math.max(...heights) + 2 * PADDING;
  }

  #fits(columns: readonly Column[], row: readonly string[], at = 0): boolean {
    return this.#doc.y + this.#heightOf(columns, row, at) <= this.#doc.page.height - FOOT;
  }
}

interface Place {
  x: number;
  y: number;
  width: number;
  align?: 'left' | 'right';
}
