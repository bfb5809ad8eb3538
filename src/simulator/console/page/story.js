import { h, icon, toast } from './dom.js';
import { STORY } from './story-steps.js';

/**
 * What to try, in the order of the story. Each step is ticked by what really happened; the next one is marked in the
 * pane where it happens, and one button leads there.
 * @param panes pane id → pane; they are built later
 * @param showAll brings hidden panes back
 */
export function storyGuide(place, panes, showAll) {
  const steps = h('ol', { class: 'story-steps' });
  const count = h('span', { class: 'quiet' });
  const brief = h('span', { class: 'story-brief' });
  const title = h('h2', { id: 'story-title' }, 'What to try');
  const details = h('details', {}, h('summary', {}, title, brief, count), steps);
  place.append(details);
  // On a small screen the list would push the panes away; what is next stands on its pane as well.
  details.open = (localStorage.getItem('parley.story') ?? (innerWidth > 760 ? 'open' : 'closed')) === 'open';
  details.firstChild.addEventListener('click', () =>
    localStorage.setItem('parley.story', details.open ? 'closed' : 'open'),
  );
  let done = [];
  let next = STORY[0];
  let before = null;

  const mark = () => {
    const target = next?.find(panes.get(next.pane)?.element ?? document);
    for (const old of document.querySelectorAll('.next-press')) if (old !== target) old.classList.remove('next-press');
    target?.classList.add('next-press');
  };

  const go = () => {
    showAll();
    const pane = panes.get(next.pane);
    if (next.as) pane?.actAs(next.as);
    mark();
    const target = next.find(pane?.element ?? document) ?? pane?.element.querySelector('[tabindex="0"], textarea');
    pane?.element.scrollIntoView({ block: 'nearest' });
    target?.scrollIntoView({ block: 'nearest' });
    target?.focus();
  };

  const draw = () => {
    steps.replaceChildren(...STORY.map((step) => drawStep(step, { done, next, go })));
    const ticked = STORY.filter(({ key }) => done.includes(key)).length;
    count.textContent = `${ticked} of ${STORY.length}`;
    brief.textContent = next ? next.what : 'All done';
    for (const [id, pane] of panes) pane.showStep(stripOf(id, { next, before, go }));
    mark();
  };

  draw();
  return {
    mark,
    parts: {
      rows: draw,
      story: (value) => {
        const ticked = STORY.find(({ key }) => value.includes(key) && !done.includes(key));
        const wasNext = ticked && ticked === next;
        done = value;
        next = STORY.find(({ key }) => !done.includes(key)) ?? null;
        if (wasNext) before = ticked;
        draw();
        if (wasNext) toast(next ? `Done: ${ticked.what}. Next: ${next.what}, ${next.how}.` : 'You have seen it all.');
      },
    },
  };
}

function drawStep(step, { done, next, go }) {
  const isDone = done.includes(step.key);
  const isNext = step === next;
  return h(
    'li',
    { class: isDone ? 'done' : isNext ? 'next' : '', aria: isNext ? { current: 'step' } : {} },
    h('span', { class: 'tick' }, isDone ? icon('check') : String(STORY.indexOf(step) + 1)),
    h(
      'span',
      { class: 'story-words' },
      isDone && h('span', { class: 'hidden' }, 'Done: '),
      h('b', {}, step.what),
      ' ',
      h('small', {}, step.how),
    ),
    isNext && goButton(step, go, 'Show me'),
  );
}

/** What a pane says above its messages: the next step, if it is here; or that it goes on elsewhere. */
function stripOf(id, { next, before, go }) {
  if (next?.pane === id)
    return [
      h('span', { class: 'step-number' }, String(STORY.indexOf(next) + 1)),
      h('p', {}, h('b', {}, next.what), ' ', h('span', {}, next.here)),
      goButton(next, go, 'Show me'),
    ];
  if (next && before?.pane === id)
    return [
      h('span', { class: 'step-number' }, icon('check')),
      h('p', {}, h('b', {}, 'Done.'), ' Next: ', next.what, ', ', next.how),
      goButton(next, go, 'Go on'),
    ];
  return null;
}

function goButton(step, go, words) {
  const label = `${words}: ${step.what}`;
  return h('button', { type: 'button', class: 'button primary go', aria: { label }, on: { click: go } }, words);
}
