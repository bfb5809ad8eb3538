import type { Block, Button, Card, Field, FileRef, Form, ListItem, Moment } from '../core/kernel/card.ts';
import { placed } from '../core/kernel/card.ts';
import { limitText } from '../core/kernel/files.ts';
import type { Html } from '../core/kernel/html.ts';
import { html } from '../core/kernel/html.ts';
import { ticksIn } from '../core/kernel/ticks.ts';
import { TICKS } from './seal.ts';

/** What a page needs to make a card's buttons work. */
export interface Pressing {
  /**
   * The form around a button's or a form's press: where it goes, and the hidden fields that seal it.
   * @param sends what else it brings
   */
  form(press: Button['press'], content: Html, sends?: 'fields' | 'files'): Html;
  /** The largest file that is taken, in bytes. */
  mostBytes: number;
  /** Where the page hands out a file. */
  fileUrl(file: FileRef): string;
  /** Where the page hands out what a press shows, if that is a file. */
  madeUrl(press: Button['press']): string | null;
  /** What was typed already, by field. */
  typed: Readonly<Record<string, string>>;
  /** What is wrong with it, by field. */
  faults: Readonly<Record<string, string>>;
}

/** A card as a part of a page. The heading is the page's own business. */
export function cardHtml(card: Card, pressing: Pressing): Html {
  return html`${card.blocks.map((block) => blockHtml(block, pressing))}${actionsHtml(card.actions, pressing)}`;
}

/** The card's title with its badge. */
export function titleHtml(card: Card): Html {
  const badge = card.status ? html` <span class="badge ${card.tone}">${card.status}</span>` : null;
  return html`<h1>${card.title}${badge}</h1>`;
}

function blockHtml(block: Block, pressing: Pressing): Html {
  switch (block.kind) {
    case 'text':
      return html`<p class="${block.subtle ? 'text subtle' : 'text'}">${block.text}</p>`;
    case 'facts':
      return html`<dl>${block.facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
    case 'list':
      return html`${titled(block.title)}<ul class="items">${block.items.map((item) => itemHtml(item, pressing))}</ul>`;
    case 'progress':
      return html`<p class="progress"><label>${block.label} <progress max="100" value="${block.percent}">${block.percent} %</progress></label> <span>${block.percent} %</span></p>`;
    case 'timeline':
      return html`${titled(block.title)}<ol class="timeline">${block.items.map((item) => momentHtml(item, pressing))}</ol>`;
    case 'form':
      return formHtml(block, pressing);
  }
}

function titled(title: string | undefined): Html | null {
  return title ? html`<h2>${title}</h2>` : null;
}

function itemHtml({ text, detail, mark, button, file }: ListItem, pressing: Pressing): Html {
  const badge = mark ? html`<span class="mark ${mark}">${mark}</span> ` : null;
  const below = detail ? html`<span class="detail">${detail}</span>` : null;
  return html`<li>${badge}<span class="text">${file ? fileHtml(file, pressing) : text}</span>${below}${button ? buttonHtml(button, pressing) : null}</li>`;
}

function fileHtml(file: FileRef, { fileUrl }: Pressing): Html {
  return html`<a href="${fileUrl(file)}" rel="noreferrer" download>${file.name}</a>`;
}

function momentHtml({ at, who, text, internal, files }: Moment, pressing: Pressing): Html {
  const below = files?.length
    ? html`<ul class="files">${files.map((file) => html`<li>${fileHtml(file, pressing)}</li>`)}</ul>`
    : null;
  const inside = internal ? html` <span class="badge attention">internal</span>` : null;
  return html`<li><p class="who"><strong>${who}</strong> <span class="subtle">${at}</span>${inside}</p><p class="text">${text}</p>${below}</li>`;
}

/** A card's buttons and links in a row, and behind "More…" a second row; nothing where there are none. */
export function actionsHtml(actions: Card['actions'], pressing: Pressing): Html | null {
  const { face, more } = placed(actions);
  if (!more.length) return rowHtml(face, pressing);
  return html`${rowHtml(face, pressing)}<details class="more"><summary class="button">More…</summary>${rowHtml(more, pressing)}</details>`;
}

function rowHtml(actions: Card['actions'], pressing: Pressing): Html | null {
  if (!actions.length) return null;
  const links = actions.map((action) =>
    action.kind === 'button'
      ? buttonHtml(action, pressing)
      : /^https?:\/\//i.test(action.url)
        ? html`<a class="button" href="${action.url}" rel="noreferrer">${action.label}</a>`
        : html``,
  );
  return html`<div class="actions">${links}</div>`;
}

function buttonHtml({ label, press, style }: Button, pressing: Pressing): Html {
  const url = pressing.madeUrl(press);
  if (url) return html`<a class="button ${style ?? ''}" href="${url}" rel="noreferrer" download>${label}</a>`;
  return pressing.form(press, html`<button class="button ${style ?? ''}">${label}</button>`);
}

function formHtml({ submit, fields }: Form, pressing: Pressing): Html {
  const rows = fields.map((field) => fieldHtml(field, pressing));
  const hasFiles = fields.some((field) => field.kind === 'text' && field.file);
  const size = hasFiles
    ? html`<p class="subtle">Each file may have up to ${limitText(pressing.mostBytes)}. Files are sealed before they are stored.</p>`
    : null;
  const content = html`${rows}${size}<button class="button primary">${submit.label}</button>`;
  return pressing.form(submit.press, content, hasFiles ? 'files' : 'fields');
}

export function fieldHtml(field: Field, { typed, faults }: Pick<Pressing, 'typed' | 'faults'>): Html {
  if (field.kind === 'several') return boxesHtml(field, typed[field.name] ?? field.value ?? '', faults[field.name]);
  const id = `field-${field.name}`;
  // A field that was not sent at all is only told to be missing.
  const isFile = field.kind === 'text' && field.file !== undefined;
  const fault =
    faults[field.name] && field.required && !typed[field.name] && !isFile ? 'Please fill this in.' : faults[field.name];
  const notes = notesOf(field, fault);
  const attributes = html`id="${id}" name="${id}"${field.required ? html` required` : null}${fault ? html` aria-invalid="true"` : null}${notes ? html` aria-describedby="${notes}"` : null}`;
  return html`<div class="field">
<label for="${id}">${labelHtml(field)}</label>
${notesHtml(field, fault)}
${controlHtml(field, attributes, typed[field.name] ?? field.value ?? '')}
</div>`;
}

function labelHtml({ label, required }: Field): Html {
  return html`${label}${required ? null : html` <span class="subtle">(if you like)</span>`}`;
}

/** The ids of what is said about a field beside its label. */
function notesOf({ name, hint }: Field, fault: string | undefined): string {
  return [hint ? `field-${name}-hint` : '', fault ? `field-${name}-fault` : ''].filter(Boolean).join(' ');
}

function notesHtml({ name, hint }: Field, fault: string | undefined): Html {
  const id = `field-${name}`;
  return html`${hint ? html`<p class="subtle" id="${id}-hint">${hint}</p>` : null}
${fault ? html`<p class="fault" id="${id}-fault">${fault}</p>` : null}`;
}

type Ticks = Extract<Field, { kind: 'several' }>;

/** Boxes under one heading. The hidden field says that they were shown: boxes that are not ticked are not sent. */
function boxesHtml(field: Ticks, value: string, fault: string | undefined): Html {
  const name = `${TICKS}${field.name}`;
  const notes = notesOf(field, fault);
  const ticks = new Set(ticksIn(value));
  const boxes = field.options.map(
    (option) =>
      html`<label class="box"><input type="checkbox" name="${name}" value="${option.value}"${ticks.has(option.value) ? html` checked` : null}${fault ? html` aria-invalid="true"` : null}> ${option.label}</label>`,
  );
  return html`<fieldset class="field"${notes ? html` aria-describedby="${notes}"` : null}>
<legend>${labelHtml(field)}</legend>
${notesHtml(field, fault)}
<input type="hidden" name="${name}" value="">
${boxes}
</fieldset>`;
}

function controlHtml(field: Exclude<Field, Ticks>, attributes: Html, value: string): Html {
  switch (field.kind) {
    case 'text': {
      const extras = html`${field.maxLength ? html` maxlength="${field.maxLength}"` : null}${field.placeholder ? html` placeholder="${field.placeholder}"` : null}`;
      if (field.file) return html`<input type="file"${field.file.most > 1 ? html` multiple` : null} ${attributes}>`;
      // A line break right behind <textarea> is swallowed by browsers; the one written here is that one.
      return field.multiline
        ? html`<textarea rows="6" ${attributes}${extras}>\n${value}</textarea>`
        : field.secret
          ? html`<input type="password" autocomplete="off" ${attributes}${extras}>`
          : html`<input type="text" ${attributes}${extras} value="${value}">`;
    }
    case 'choice':
      return html`<select ${attributes}><option value="">Please choose</option>${field.options.map((option) => html`<option value="${option.value}"${option.value === value ? html` selected` : null}>${option.label}</option>`)}</select>`;
    default:
      return html`<input type="date" ${attributes} value="${value}">`;
  }
}
