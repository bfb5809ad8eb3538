import { h, icon, toast } from './dom.js';
import { find } from './find.js';
import { rovingList } from './roving.js';
import { STORIES } from './stories.js';

/** Where the browser keeps which story was chosen. */
const CHOSEN = 'parley.story.chosen';

/**
 * What to try: stories, of which one is chosen, with its steps. Each step is ticked by what really happened; the next one of the chosen
 * story is marked in the pane where it happens, and one button leads there.
 * @param panes pane id → pane; they are built later
 * @param showAll brings hidden panes back
 */
export function storyGuide(place, panes, showAll) {
  const count = h('span', { class: 'quiet' });
  const brief = h('span', { class: 'story-brief' });
  const title = h('h2', { id: 'story-title' }, 'What to try');
  const drawn = STORIES.map((story) => storyItem(story, () => choose(story)));
  const list = h(
    'ol',
    { class: 'stories' },
    drawn.map(({ element }) => element),
  );
  const details = h('details', {}, h('summary', {}, title, brief, count), list);
  place.append(details);
  rovingList(list, '.stories summary', 'first');
  // On a small screen the list would push the panes away; what is next stands on its pane as well.
  details.open = (localStorage.getItem('parley.story') ?? (innerWidth > 760 ? 'open' : 'closed')) === 'open';
  details.firstChild.addEventListener('click', () =>
    localStorage.setItem('parley.story', details.open ? 'closed' : 'open'),
  );
  let done = [];
  let chosen = STORIES.find(({ key }) => key === localStorage.getItem(CHOSEN)) ?? STORIES[0];
  /** The step that was ticked last while somebody watched: its pane leads on. */
  let before = null;

  const nextOf = (story) => story.steps.find(({ key }) => !done.includes(key)) ?? null;
  /** The next story in which something is left to do, after the chosen one or from the beginning. */
  const nextStory = () => {
    const at = STORIES.indexOf(chosen);
    return [...STORIES.slice(at + 1), ...STORIES.slice(0, at)].find(nextOf) ?? null;
  };
  const paneOf = (step) => panes.get(step?.pane);
  const targetOf = (step) => find(step.find, paneOf(step)?.element ?? null);

  const mark = () => {
    const next = nextOf(chosen);
    const target = next && targetOf(next);
    for (const old of document.querySelectorAll('.next-press')) if (old !== target) old.classList.remove('next-press');
    target?.classList.add('next-press');
  };

  const choose = (story) => {
    if (story === chosen) return;
    chosen = story;
    before = null;
    localStorage.setItem(CHOSEN, story.key);
    draw();
  };

  /** To where the next step is done; where a story is over, to the first step of the next one. */
  const go = () => {
    if (!nextOf(chosen)) choose(nextStory());
    const next = nextOf(chosen);
    showAll();
    const pane = paneOf(next);
    if (next.as) pane?.actAs(next.as);
    mark();
    const target = targetOf(next) ?? pane?.element.querySelector('[tabindex="0"], textarea');
    pane?.element.scrollIntoView({ block: 'nearest' });
    target?.scrollIntoView({ block: 'nearest' });
    target?.focus();
  };

  const draw = () => {
    const next = nextOf(chosen);
    for (const item of drawn) item.show({ done, chosen, go });
    const over = STORIES.filter((story) => !nextOf(story)).length;
    count.textContent = `${over} of ${STORIES.length} stories`;
    brief.textContent = next ? next.what : 'All done';
    for (const [id, pane] of panes) pane.showStep(stripOf(id, { chosen, next, before, after: nextStory(), go }));
    mark();
    keepInSight(place);
  };

  draw();
  return {
    mark,
    parts: {
      rows: draw,
      story: (value) => {
        const next = nextOf(chosen);
        const wasNext = next && value.includes(next.key) && !done.includes(next.key);
        done = value;
        if (wasNext) before = next;
        draw();
        if (wasNext) toast(saidOf(next, nextOf(chosen), nextStory()));
      },
    },
  };
}

/** One story of the list: its title with how far it is, and, while it is chosen, its steps. */
function storyItem(story, choose) {
  const tick = h('span', { class: 'tick' });
  const count = h('span', { class: 'quiet' });
  const steps = h('ol', { class: 'story-steps' });
  const heading = h('h3', {}, tick, h('span', {}, story.title), count);
  const details = h('details', { name: 'story' }, h('summary', {}, heading), steps);
  details.addEventListener('toggle', () => details.open && choose());
  let wasChosen = false;
  const show = ({ done, chosen, go }) => {
    const many = story.steps.filter(({ key }) => done.includes(key)).length;
    const isOver = many === story.steps.length;
    const next = story === chosen ? story.steps.find(({ key }) => !done.includes(key)) : null;
    // Once: whoever closes it wants it closed.
    if (story === chosen && !wasChosen) details.open = true;
    wasChosen = story === chosen;
    details.classList.toggle('done', isOver);
    tick.replaceChildren(isOver ? icon('check') : String(STORIES.indexOf(story) + 1));
    count.textContent = `${many} of ${story.steps.length}`;
    steps.replaceChildren(...story.steps.map((step) => drawStep(step, { story, done, next, go })));
  };
  return { element: h('li', {}, details), show };
}

function drawStep(step, { story, done, next, go }) {
  const isDone = done.includes(step.key);
  const isNext = step === next;
  return h(
    'li',
    { class: isDone ? 'done' : isNext ? 'next' : '', aria: isNext ? { current: 'step' } : {} },
    h('span', { class: 'tick' }, isDone ? icon('check') : numberOf(story, step)),
    h(
      'span',
      { class: 'story-words' },
      isDone && h('span', { class: 'hidden' }, 'Done: '),
      h('b', {}, step.what),
      ' ',
      h('small', {}, step.how),
    ),
    isNext && goButton(`Show me: ${step.what}`, go, 'Show me'),
  );
}

/** What a pane says above its messages: the next step, if it is here; or that it goes on elsewhere. */
function stripOf(id, { chosen, next, before, after, go }) {
  if (next?.pane === id)
    return [
      h('span', { class: 'step-number' }, numberOf(chosen, next)),
      h('p', {}, h('b', {}, next.what), ' ', h('span', {}, next.here)),
      goButton(`Show me: ${next.what}`, go, 'Show me'),
    ];
  if (before?.pane !== id) return null;
  const tick = h('span', { class: 'step-number' }, icon('check'));
  if (next) {
    const words = h('p', {}, h('b', {}, 'Done.'), ' Next: ', next.what, ', ', next.how);
    return [tick, words, goButton(`Go on: ${next.what}`, go, 'Go on')];
  }
  if (!after) return null;
  const words = h('p', {}, h('b', {}, 'The story is told.'), ' Next one: ', after.title);
  return [tick, words, goButton(`Next story: ${after.title}`, go, 'Next story')];
}

function saidOf(ticked, next, after) {
  if (next) return `Done: ${ticked.what}. Next: ${next.what}, ${next.how}.`;
  return after ? `Done: ${ticked.what}. The next story: ${after.title}.` : 'You have seen it all.';
}

function numberOf({ steps }, step) {
  return String(steps.indexOf(step) + 1);
}

function goButton(label, go, words) {
  return h('button', { type: 'button', class: 'button primary go', aria: { label }, on: { click: go } }, words);
}

/** The list scrolls in itself: its next step is to be seen without scrolling the page. */
function keepInSight(place) {
  const next = place.querySelector('[aria-current="step"]');
  if (!next) return;
  const [outer, inner] = [place.getBoundingClientRect(), next.getBoundingClientRect()];
  if (inner.bottom > outer.bottom) place.scrollTop += inner.bottom - outer.bottom;
  if (inner.top < outer.top) place.scrollTop -= outer.top - inner.top;
}
