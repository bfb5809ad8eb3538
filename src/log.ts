/** Paths in log records that may hold a secret; pino writes [Redacted] there. */
export const REDACTED = [
  'req.headers.authorization',
  'req.headers.cookie',
  'headers.authorization',
  '*.token',
  '*.botToken',
  '*.signingSecret',
  '*.password',
  '*.appPassword',
  '*.apiToken',
  '*.webhookSecret',
  '*.inboundSecret',
  '*.secret',
  '*.code',
  'err.config.headers',
  'err.response.config.headers',
];
