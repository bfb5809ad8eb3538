import { z } from 'zod';
import type { TeamsConfig } from '../../config.ts';

/** What an organisation is reached with: the app registration, of the hub or of the firm's own. */
export const TeamsCredentials: z.ZodType<TeamsConfig> = z.strictObject({
  appId: z.string().min(1),
  appPassword: z.string().min(1),
  tenantId: z.string().min(1).exactOptional(),
  loginUrl: z.url({ protocol: /^https?$/ }).exactOptional(),
  openIdUrl: z.url({ protocol: /^https?$/ }).exactOptional(),
});
