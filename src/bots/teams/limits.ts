/** What Teams and its clients take. Lengths are characters, sizes are bytes of UTF-8. */
export const LIMITS = {
  /** A message with its card; Teams answers 413 above it. */
  cardBytes: 28 * 1024,
  /** What the renderer keeps to: the message around the card takes the rest. */
  cardBudgetBytes: 26 * 1024,
  /** Buttons a client shows in one row of actions; more go behind its "…" menu. */
  visibleActions: 6,
  refreshUsers: 60,
  version: '1.5',
  title: 200,
  status: 40,
  buttonTitle: 60,
  fallback: 500,
  /** Reading aids, not limits of Teams: more than this nobody reads in a chat. All give way when the card is too big. */
  text: 6_000,
  facts: 40,
  factTitle: 80,
  factValue: 500,
  items: 60,
  itemText: 300,
  timeline: 30,
  timelineText: 1_000,
  choices: 200,
  /** More boxes than this stand in a list that opens. */
  boxes: 12,
} as const;

/**
 * Says what Teams would refuse or silently drop, one sentence per fault; nothing for a card that is fine. What the
 * schema of Adaptive Cards says of shapes is not repeated here.
 */
export function checkCard(card: unknown): string[] {
  if (!isObject(card) || card.type !== 'AdaptiveCard') return ['it is not an Adaptive Card'];
  const faults: string[] = [];
  const bytes = Buffer.byteLength(JSON.stringify(card));
  if (bytes > LIMITS.cardBytes) faults.push(`it takes ${bytes} bytes; at most ${LIMITS.cardBytes} fit`);
  if (!isVersion(card.version)) faults.push(`version ${String(card.version)} is not 1.0 to ${LIMITS.version}`);
  const users = isObject(card.refresh) ? card.refresh.userIds : undefined;
  if (Array.isArray(users) && users.length > LIMITS.refreshUsers)
    faults.push(`refresh names ${users.length} users; at most ${LIMITS.refreshUsers} are refreshed`);
  const ids = new Set<string>();
  walk(card, (part) => faults.push(...faultsOf(part, ids)));
  return faults;
}

function faultsOf(part: Record<string, unknown>, ids: Set<string>): string[] {
  const faults: string[] = [];
  const type = String(part.type ?? '');
  if (typeof part.id === 'string') {
    if (ids.has(part.id)) faults.push(`the id ${part.id} is used twice`);
    ids.add(part.id);
  }
  if (type.startsWith('Input.') && (!part.id || !part.label)) faults.push(`${type} needs an id and a label`);
  if (type === 'Action.Execute' && (typeof part.verb !== 'string' || !isObject(part.data)))
    faults.push('Action.Execute needs a verb and data');
  if (type === 'Action.OpenUrl' && !/^https?:\/\//.test(String(part.url)))
    faults.push(`${String(part.url)} is not a web address`);
  if (Array.isArray(part.actions)) {
    const visible = part.actions.filter((action) => isObject(action) && action.mode !== 'secondary');
    if (visible.length > LIMITS.visibleActions)
      faults.push(`${visible.length} buttons in a row; at most ${LIMITS.visibleActions} are shown`);
  }
  return faults;
}

function isVersion(version: unknown): boolean {
  const [major, minor, ...more] = String(version).split('.').map(Number);
  const [most, least] = LIMITS.version.split('.').map(Number);
  return !more.length && major === most && minor !== undefined && minor >= 0 && minor <= Number(least);
}

/** Visits every object of the card, but not what an action carries: its data is ours, not the client's. */
function walk(part: Record<string, unknown>, visit: (part: Record<string, unknown>) => void): void {
  visit(part);
  for (const [key, value] of Object.entries(part)) {
    if (key === 'data') continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isObject(child)) walk(child, visit);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
