import { z } from 'zod';
import type { DiscordConfig } from '../../config.ts';

/** What a server is reached with: the application, of the hub or of the firm's own. */
export const DiscordCredentials: z.ZodType<DiscordConfig> = z.strictObject({
  botToken: z.string().min(1),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/i, 'is the public key of the application: 64 hexadecimal digits'),
  applicationId: z.string().regex(/^\d{15,20}$/, 'is the id of the application: a number'),
  clientSecret: z.string().min(1).exactOptional(),
  apiUrl: z.url({ protocol: /^https?$/ }).exactOptional(),
});
