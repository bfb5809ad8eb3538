import { shown } from './messages.ts';
import { eventPayload } from './payloads.ts';
import type { Delivered, Recorded } from './requests.ts';
import { recordOf } from './requests.ts';
import type { Stage } from './stage.ts';
import type { Change } from './state.ts';
import { nextTs } from './state.ts';

/** When Slack sends an event again that was not acknowledged: at once, after a minute, after five. */
const RETRIES = [0, 60_000, 300_000];

/** Sends an event; the answer is that of the first try, later ones follow by themselves. */
export async function sendEvent(stage: Stage, event: object): Promise<Delivered> {
  const recorded = recordOf('event', eventPayload(stage.workspace, event, Date.now()));
  const first = await stage.send(recorded);
  if (!taken(first)) retry(stage, recorded, first, 0);
  return first;
}

function taken({ status }: Delivered): boolean {
  return status >= 200 && status < 300;
}

function retry(stage: Stage, recorded: Recorded, before: Delivered, attempt: number): void {
  const pause = RETRIES[attempt];
  if (pause === undefined) return;
  const reason = before.status === 0 ? 'http_timeout' : 'http_error';
  setTimeout(async () => {
    if (stage.stopped) return;
    const answer = await stage.send(recorded, { num: attempt + 1, reason });
    if (!taken(answer)) retry(stage, recorded, answer, attempt + 1);
  }, pause).unref();
}

/** The app hears of its own messages too: that they were posted, changed and deleted. */
export function reportOwn(stage: Stage, change: Change): void {
  const { workspace } = stage;
  if (change.kind !== 'message' && change.kind !== 'updated' && change.kind !== 'deleted') return;
  const channel = workspace.channels[change.channel];
  if (!channel || channel.direct) return;
  const message = channel.messages.find(({ ts }) => ts === change.ts);
  const base = {
    type: 'message',
    channel: channel.id,
    channel_type: channel.private ? 'group' : 'channel',
    event_ts: nextTs(workspace, Date.now()),
  };
  if (change.kind === 'deleted')
    void sendEvent(stage, {
      ...base,
      subtype: 'message_deleted',
      hidden: true,
      deleted_ts: change.ts,
      ts: base.event_ts,
    });
  if (!message?.botId) return;
  const content = shown(workspace, message, false);
  if (change.kind === 'message') void sendEvent(stage, { ...base, ...content, event_ts: message.ts });
  if (change.kind === 'updated')
    void sendEvent(stage, { ...base, subtype: 'message_changed', hidden: true, message: content, ts: base.event_ts });
}
