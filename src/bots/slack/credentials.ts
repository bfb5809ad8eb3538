import { z } from 'zod';
import type { SlackConfig } from '../../config.ts';

/** What a workspace is reached with: of the hub's own app the bot token alone, of a firm's own app its secret as well. */
export const SlackCredentials: z.ZodType<SlackConfig> = z.strictObject({
  botToken: z.string().startsWith('xoxb-', 'is the bot token of your Slack app; it starts with xoxb-').exactOptional(),
  signingSecret: z.string().min(1).exactOptional(),
  appToken: z
    .string()
    .startsWith('xapp-', 'is the app-level token for Socket Mode; it starts with xapp-')
    .exactOptional(),
  apiUrl: z.url({ protocol: /^https?$/ }).exactOptional(),
});
