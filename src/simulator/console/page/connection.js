import { toast } from './dom.js';

/** Asks the console for an act; answers what it returned, or null after saying why not. */
export async function act(name, input) {
  try {
    const response = await fetch(`/act/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const body = await response.json();
    if (response.ok) return body;
    toast(body.say ?? 'That did not work.');
  } catch {
    toast('The demo does not answer. Is it still running?');
  }
  return null;
}

/** Follows the live stream: `onPart` hears of each part that changed. The browser reconnects by itself. */
export function follow(onPart, onReady) {
  const stream = new EventSource('/live');
  stream.addEventListener('part', ({ data }) => {
    const { name, value } = JSON.parse(data);
    onPart(name, value);
  });
  stream.addEventListener('ready', onReady);
  stream.addEventListener('error', () => document.body.classList.add('offline'));
  stream.addEventListener('open', () => document.body.classList.remove('offline'));
}
