import { cardMarkdown } from './markdown.js';

const COLOURS = {
  default: { default: 'var(--ink)', subtle: 'var(--ink-3)' },
  dark: { default: 'var(--ink)', subtle: 'var(--ink-3)' },
  light: { default: 'var(--card)', subtle: 'var(--line)' },
  accent: { default: 'var(--teams)', subtle: 'var(--teams)' },
  good: { default: 'var(--good)', subtle: 'var(--good)' },
  warning: { default: 'var(--attention)', subtle: 'var(--attention)' },
  attention: { default: 'var(--danger)', subtle: 'var(--danger)' },
};

const style = (backgroundColor) => ({ backgroundColor, foregroundColors: COLOURS });

/** Teams' sizes and distances, with this page's colours, so that cards follow the theme. */
const HOST = {
  fontFamily: 'var(--font)',
  supportsInteractivity: true,
  spacing: { small: 6, default: 8, medium: 12, large: 16, extraLarge: 22, padding: 12 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  fontSizes: { small: 12, default: 13.5, medium: 14, large: 16, extraLarge: 20 },
  fontWeights: { lighter: 400, default: 400, bolder: 640 },
  lineHeights: { small: 16, default: 19, medium: 20, large: 22, extraLarge: 26 },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: style('transparent'),
    emphasis: style('var(--line-2)'),
    good: style('var(--good-soft)'),
    attention: style('var(--danger-soft)'),
    warning: style('var(--attention-soft)'),
    accent: style('light-dark(#e8e9fb, #292b52)'),
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
  },
  factSet: {
    title: { color: 'default', size: 'default', isSubtle: false, weight: 'bolder', wrap: true, maxWidth: 130 },
    value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
    spacing: 14,
  },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { spacing: 'small', weight: 'bolder', size: 'small' },
  },
};

let host = null;

function hostConfig(library) {
  if (host) return host;
  library.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = cardMarkdown(text);
    result.didProcess = true;
  };
  host = new library.HostConfig(HOST);
  return host;
}

/**
 * Draws an Adaptive Card by Microsoft's own renderer.
 * @param onExecute called with the action (its verb and data with what was typed) when a button is pressed
 */
export function adaptiveCard(payload, onExecute) {
  const library = globalThis.AdaptiveCards;
  const card = new library.AdaptiveCard();
  card.hostConfig = hostConfig(library);
  card.onExecuteAction = (action) => {
    if (action instanceof library.OpenUrlAction) return window.open(action.url, '_blank', 'noopener');
    return onExecute({ verb: action.verb, data: action.data ?? {}, label: action.title ?? '' });
  };
  card.parse(payload);
  const element = card.render();
  element.classList.add('tm-card');
  // The message around it takes the focus; the card as such has nothing to press.
  element.removeAttribute('tabindex');
  // Its rows of buttons would rather shrink than wrap.
  for (const row of element.querySelectorAll('.ac-actionSet')) {
    row.style.flexWrap = 'wrap';
    row.style.rowGap = '6px';
  }
  for (const button of element.querySelectorAll('.ac-pushButton')) {
    button.style.flex = '0 0 auto';
    button.dataset.key = button.textContent;
    button.title = button.textContent;
  }
  return element;
}
