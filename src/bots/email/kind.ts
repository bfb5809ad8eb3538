import type { EmailConfig } from '../../config.ts';
import type { LoadedKind } from '../channel.ts';
import { openEmail } from './index.ts';
import { emailPlatform } from './platform.ts';
import { proveMailbox } from './prove.ts';
import { roundTrip } from './round-trip.ts';
import { refusalOf } from './server-fault.ts';

export const kind: LoadedKind<EmailConfig> = {
  open: openEmail,
  platform: emailPlatform,
  prove: proveMailbox,
  roundTrip,
  refusal: refusalOf,
};
