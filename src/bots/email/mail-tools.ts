import type { EmailConfig } from '../../config.ts';
import type { ChannelTools } from '../channel.ts';

/** What every part of the channel works with. */
export interface MailTools extends ChannelTools {
  config: EmailConfig;
}
