import type { EmailConfig } from '../../config.ts';
import type { LoadedKind } from '../channel.ts';
import { openEmail } from './index.ts';
import { emailPlatform } from './platform.ts';

export const kind: LoadedKind<EmailConfig> = { open: openEmail, platform: emailPlatform };
