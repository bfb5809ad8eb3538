/** Where people write in a pane, whichever tool it shows. */
const WRITING = '.sk-foot textarea, .tm-foot textarea, .dc-foot textarea';

/**
 * What a step of a story is done with, as it is on the page now.
 * @param target as the stories declare it
 * @param pane where the step is done; null where that is the bar on top
 */
export function find(target, pane) {
  if (target.bar) return byText(document.querySelectorAll('.bar button'), target.bar);
  if (!pane) return null;
  if (target.button) return byText(pane.querySelectorAll('article button'), target.button, target.on);
  if (target.write) return pane.querySelector(WRITING);
  if (target.issue) return pane.querySelector('.jr-issue textarea') ?? pane.querySelector('.jr-card:last-child');
  return mailOf(target, pane);
}

/** The newest one that is called so; of buttons on cards, on a card with those words. */
function byText(buttons, text, on = '') {
  const isMeant = (button) =>
    button.textContent === text && (!on || button.closest('article').textContent.includes(on));
  return [...buttons].findLast(isMeant) ?? null;
}

/** The newest mail with those words; once it is open, what is to be used of it. */
function mailOf({ mail, to }, pane) {
  const row = [...pane.querySelectorAll('.ml-row')].find(({ textContent }) => textContent.includes(mail));
  if (row && row.getAttribute('aria-current') !== 'true') return row;
  return pane.querySelector(to === 'answer' ? '.ml-foot textarea' : '.ml-frame');
}
