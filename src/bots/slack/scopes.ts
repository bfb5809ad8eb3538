/** What Parley may do in a workspace: what manifest.json asks for, asked for again when the app is added by OAuth. */
export const SCOPES = [
  'chat:write',
  'commands',
  'channels:history',
  'channels:read',
  'groups:history',
  'groups:read',
  'users:read',
] as const;
