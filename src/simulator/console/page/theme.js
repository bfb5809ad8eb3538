import { h, icon } from './dom.js';

const KEPT = 'parley.theme';

// The page waits with its first picture for this, so that a chosen theme does not flash.
const chosen = localStorage.getItem(KEPT);
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;

const THEMES = ['system', 'light', 'dark'];

/** Goes through the themes: as the system says, light, dark. */
export function themeButton() {
  const root = document.documentElement;
  const button = h('button', { type: 'button', class: 'button icon' });
  const show = () => {
    const theme = root.dataset.theme ?? 'system';
    button.replaceChildren(icon(theme === 'system' ? 'system' : theme === 'light' ? 'sun' : 'moon'));
    button.setAttribute('aria-label', `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? 'system') + 1) % THEMES.length];
    if (next === 'system') delete root.dataset.theme;
    else root.dataset.theme = next;
    localStorage.setItem(KEPT, next);
    show();
  });
  show();
  return button;
}
