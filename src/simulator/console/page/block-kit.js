import { inputBlock, selectOf } from './block-kit-inputs.js';
import { h } from './dom.js';
import { withEmoji } from './emoji.js';
import { mrkdwn } from './mrkdwn.js';

/**
 * Draws Block Kit as Slack shows it. Unknown blocks are named instead of dropped.
 * @param on.press called with the action and its block when a button is pressed or something is chosen
 */
export function drawBlocks(blocks, on, names = {}) {
  return blocks.map((block) => drawBlock(block, on, names));
}

function drawBlock(block, on, names) {
  switch (block.type) {
    case 'header':
      return h('h4', { class: 'sk-header' }, block.text.text);
    case 'section':
      return section(block, on, names);
    case 'context':
      return h(
        'div',
        { class: 'sk-context' },
        block.elements.map((one) => (one.type === 'image' ? picture(one) : h('span', {}, text(one, names)))),
      );
    case 'actions':
      return h(
        'div',
        { class: 'sk-actions' },
        block.elements.map((one) => element(one, block, on)),
      );
    case 'divider':
      return h('hr', { class: 'sk-divider' });
    case 'image':
      return picture(block);
    case 'input':
      return inputBlock(block);
    case 'rich_text':
      return h(
        'div',
        { class: 'sk-section' },
        block.elements.map((one) => richText(one, names)),
      );
    default:
      return h('p', { class: 'sk-context' }, `A ${block.type} block, which this console does not draw.`);
  }
}

function section(block, on, names) {
  return h(
    'div',
    { class: 'sk-section' },
    h(
      'div',
      { class: 'sk-text' },
      block.text && h('p', {}, text(block.text, names)),
      block.fields &&
        h(
          'div',
          { class: 'sk-fields' },
          block.fields.map((field) => h('p', {}, text(field, names))),
        ),
    ),
    block.accessory && element(block.accessory, block, on),
  );
}

function text(object, names) {
  return object.type === 'mrkdwn' ? mrkdwn(object.text, names) : withEmoji(object.text);
}

function picture(block) {
  return h('img', { class: 'sk-image', src: block.image_url, alt: block.alt_text });
}

function element(one, block, on) {
  switch (one.type) {
    case 'button':
      return button(one, on);
    case 'overflow':
      return h(
        'details',
        { class: 'sk-more' },
        h('summary', { class: 'sk-button', aria: { label: 'More actions' } }, '…'),
        one.options.map((option) => button({ ...option, action_id: one.action_id }, on)),
      );
    case 'static_select':
      return selectOf(one, (option) => on.press?.({ ...one, selected_option: option, block_id: block.block_id }));
    case 'datepicker':
      return h('input', {
        type: 'date',
        class: 'sk-date',
        value: one.initial_date ?? '',
        aria: { label: one.placeholder?.text ?? 'Date' },
        on: { change: (event) => on.press?.({ ...one, selected_date: event.target.value, block_id: block.block_id }) },
      });
    case 'image':
      return picture(one);
    default:
      return h('span', { class: 'sk-context' }, `A ${one.type}, which this console does not draw.`);
  }
}

function button(one, on) {
  return h(
    'button',
    {
      type: 'button',
      class: `sk-button ${one.style ?? ''}`,
      data: { key: one.value ?? one.action_id },
      on: {
        click: () => {
          // A link opens in the reader's browser; Slack tells the app as well.
          if (one.url) window.open(one.url, '_blank', 'noopener');
          on.press?.(one);
        },
      },
    },
    one.text.text,
  );
}

function richText(one, names) {
  switch (one.type) {
    case 'rich_text_list':
      return h(
        one.style === 'ordered' ? 'ol' : 'ul',
        { class: 'sk-list' },
        one.elements.map((item) => h('li', {}, richText(item, names))),
      );
    case 'rich_text_quote':
      return h(
        'blockquote',
        {},
        one.elements.map((part) => richPart(part, names)),
      );
    case 'rich_text_preformatted':
      return h(
        'pre',
        {},
        one.elements.map((part) => richPart(part, names)),
      );
    default:
      return h(
        'p',
        {},
        one.elements.map((part) => richPart(part, names)),
      );
  }
}

function richPart(part, names) {
  if (part.type === 'link') return h('a', { href: part.url, target: '_blank', rel: 'noopener' }, part.text ?? part.url);
  if (part.type === 'user') return h('span', { class: 'mention' }, `@${names[part.user_id] ?? part.user_id}`);
  const { bold, italic, strike, code } = part.style ?? {};
  let node = part.text ?? '';
  if (code) node = h('code', {}, node);
  if (strike) node = h('s', {}, node);
  if (italic) node = h('i', {}, node);
  return bold ? h('b', {}, node) : node;
}
