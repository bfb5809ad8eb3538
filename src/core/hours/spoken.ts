import { splitTime } from './duration.ts';

/** What somebody said behind the word `log`, as the fields of the form. */
export interface Spoken {
  time: string | null;
  /** The id of the project that they named. */
  project: string | null;
  part: string | null;
  note: string | null;
}

interface Named {
  id: string;
  name: string;
}

/**
 * Reads “2h on website fixing the header” and “2h website: #12 fixing the header”. What cannot be told apart stays in the note:
 * nothing that was said is lost, and whoever said it sees the fields before anything is logged.
 */
export function readSpoken(text: string, projects: readonly Named[]): Spoken {
  const { time, rest } = splitTime(text);
  const { project, words } = projectIn(rest, projects);
  const part = /^#\d{1,9}(?!\d)/.exec(words)?.[0] ?? null;
  const note = part ? words.slice(part.length).replace(/^[\s:,–-]+/, '') : words;
  return { time, project, part, note: note || null };
}

/** The project that stands before a colon or behind “on”, or that all of it names. */
function projectIn(rest: string, projects: readonly Named[]): { project: string | null; words: string } {
  const said = rest.replace(/^(on|for)\s+/i, '');
  const at = said.indexOf(':');
  const none = { project: null, words: said };
  if (at >= 0) {
    const found = named(said.slice(0, at), projects, true);
    return found ? { project: found.id, words: said.slice(at + 1).trim() } : none;
  }
  const words = said.split(' ');
  const isMarked = said !== rest;
  for (let count = words.length; count >= (isMarked ? 1 : words.length); count -= 1) {
    const found = named(words.slice(0, count).join(' '), projects, isMarked);
    if (found) return { project: found.id, words: words.slice(count).join(' ') };
  }
  return none;
}

/** So few letters stand in many names. */
const LEAST = 3;

/** The only one of that name; where it is marked as a name, also the only one whose name begins with it or holds it. */
function named(said: string, projects: readonly Named[], isMarked: boolean): Named | null {
  const name = said.trim().toLowerCase();
  const isPart = isMarked && name.length >= LEAST;
  const ways = [
    (one: string) => one === name,
    ...(isPart ? [(one: string) => one.startsWith(name), (one: string) => one.includes(name)] : []),
  ];
  for (const fits of ways) {
    const [only, ...others] = projects.filter((one) => fits(one.name.toLowerCase()));
    if (only) return others.length ? null : only;
  }
  return null;
}
