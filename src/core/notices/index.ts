import { announce } from '../kernel/event.ts';
import type { Area } from '../kernel/registry.ts';
import { area } from '../kernel/registry.ts';
import { showDigest } from './digest.ts';
import { digestDue, released } from './events.ts';
import { noteOutcome } from './note-outcome.ts';
import { showPreferences } from './preferences.ts';
import { PREFERENCES } from './presses.ts';
import { releaseNotice } from './release-notice.ts';
import { resubscribe } from './resubscribe.ts';
import { schedules } from './schedules.ts';
import { sendDigest } from './send-digest.ts';
import { setDigest } from './set-digest.ts';
import { setQuietHours } from './set-quiet-hours.ts';
import { setTopic } from './set-topic.ts';
import { noticesFor } from './tell.ts';
import { topicsOf } from './topics.ts';
import { unsubscribe } from './unsubscribe.ts';
import { showWhy } from './why.ts';

/**
 * How people are told of what happens in the other areas: at once, later, together, or not at all, by which channel, and why. What
 * can be chosen follows from what those areas announce.
 */
export function noticesOf(told: readonly Area[]): Area {
  const topics = topicsOf(told);
  return area({
    name: 'notices',
    commands: [
      setTopic(topics),
      setQuietHours,
      setDigest,
      unsubscribe(topics),
      resubscribe(topics),
      releaseNotice,
      sendDigest(topics),
      noteOutcome,
    ],
    views: [showPreferences(topics), showDigest, showWhy],
    announcements: [
      announce(released, 'alert', ({ data }) => data.view, { cardAbout: ({ data }) => data.about }),
      announce(digestDue, 'alert', ({ about }) => ({ target: 'notice.digest', input: { digest: about.id } })),
    ],
    schedules,
    menu: [{ label: PREFERENCES.label, press: PREFERENCES.press }],
    lives: [{ table: 'notice', kept: '180 days', sweep: 'parley_sweep_notice' }],
    notices: noticesFor(topics),
  });
}
