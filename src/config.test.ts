import { describe, expect, test } from '@jest/globals';
import { ConfigError, describeConfig, readConfig } from './config.ts';

const secret = 'a secret for tests, long enough to be one';

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the settings', () => {
  test('with a secret alone, everything runs embedded and every channel is off', () => {
    const config = readConfig({ PARLEY_SECRET: secret });

    expect(config).toMatchObject({ port: 3000, publicUrl: 'http://127.0.0.1:3000', slack: null, jira: null });
    expect(describeConfig(config)).toEqual({ on: [], off: ['Slack', 'Teams', 'Discord', 'E-mail', 'Jira'] });
  });

  test('every fault is named at once, each with its cure', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      DATABASE_URL: 'mysql://x',
      SLACK_BOT_TOKEN: 'xoxb-1',
      JIRA_PROJECT: 'acme',
    });

    expect(faults.join('\n')).toMatch(/PORT/);
    expect(faults.join('\n')).toMatch(/DATABASE_URL must start with postgres:\/\//);
    expect(faults.join('\n')).toMatch(/PARLEY_SECRET is missing.*openssl/);
    expect(faults.join('\n')).toMatch(/Slack is half set up: SLACK_SIGNING_SECRET is missing/);
    expect(faults.join('\n')).toMatch(/JIRA_PROJECT is the key of a Jira project/);
  });

  test('say which private hosts firms may reach, and refuse what names none', () => {
    const hosts = (PARLEY_PRIVATE_HOSTS: string) =>
      readConfig({ PARLEY_SECRET: secret, PARLEY_PRIVATE_HOSTS }).privateHosts;
    expect(hosts('jira.internal, 10.0.0.0/8,')).toEqual(['jira.internal', '10.0.0.0/8']);
    expect(hosts('')).toEqual([]);

    expect(faultsOf({ PARLEY_SECRET: secret, PARLEY_PRIVATE_HOSTS: 'https://jira.internal' })).toEqual([
      expect.stringMatching(
        /^PARLEY_PRIVATE_HOSTS is a list of hosts that firms may reach.*like jira\.internal,10\.0\.0\.0\/8$/,
      ),
    ]);
  });

  test('say where files lie and what scans them, and refuse what names nothing', () => {
    const files = (more: Record<string, string> = {}) => readConfig({ PARLEY_SECRET: secret, ...more }).files;
    expect(files()).toEqual({
      ...{ place: { kind: 'disk', directory: '.parley/files' }, s3: { region: 'us-east-1' }, scan: null },
      most: 25 * 1_024 * 1_024,
    });
    expect(files({ PARLEY_FILES: 's3://my-bucket/parley/' }).place).toEqual({
      ...{ kind: 's3', bucket: 'my-bucket', prefix: 'parley/' },
    });
    expect(files({ PARLEY_FILES: 's3://my-bucket' }).place).toMatchObject({ prefix: '' });
    expect(files({ PARLEY_SCAN: 'off' }).scan).toBe('off');
    expect(files({ PARLEY_SCAN: '127.0.0.1:3310' }).scan).toEqual({ host: '127.0.0.1', port: 3310 });
    expect(files({ PARLEY_SCAN: '[::1]:3310' }).scan).toEqual({ host: '::1', port: 3310 });
    expect(files({ PARLEY_SCAN: '/run/clamav/clamd.ctl' }).scan).toEqual({ path: '/run/clamav/clamd.ctl' });

    const faults = faultsOf({
      ...{ PARLEY_SECRET: secret, PARLEY_FILES: 's3://', PARLEY_SCAN: 'clamd', PARLEY_FILE_MB: '0' },
      FILES_S3_ACCESS_KEY_ID: 'key',
    });
    expect(faults).toEqual([
      'PARLEY_FILES is a directory, or a bucket like s3://my-bucket/parley',
      expect.stringMatching(/^PARLEY_SCAN is where clamd listens, like 127\.0\.0\.1:3310 .* or off/),
      'PARLEY_FILE_MB must be a whole number from 1 to 2000',
      expect.stringMatching(/^Files on S3 is half set up: FILES_S3_SECRET_ACCESS_KEY is missing/),
    ]);
  });

  test('say how often an API key may ask, and refuse what is no number', () => {
    const perMinute = (API_PER_MINUTE: string) => readConfig({ PARLEY_SECRET: secret, API_PER_MINUTE }).apiPerMinute;
    expect(perMinute('')).toBe(600);
    expect(perMinute('6000')).toBe(6_000);

    for (const wrong of ['0', '-1', '1.5', 'unlimited', '1000001'])
      expect(faultsOf({ PARLEY_SECRET: secret, API_PER_MINUTE: wrong })).toEqual([
        'API_PER_MINUTE must be a whole number from 1 to 1000000',
      ]);
  });

  test('a channel with all its settings is on', () => {
    const config = readConfig({ PARLEY_SECRET: secret, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' });

    expect(config.slack).toEqual({ botToken: 'xoxb-1', signingSecret: 's' });
    expect(describeConfig(config).on).toEqual(['Slack']);
  });

  test('Jira’s app has an id and a secret, and speaks to Atlassian unless the settings say otherwise', () => {
    const app = { PARLEY_SECRET: secret, JIRA_CLIENT_ID: 'id', JIRA_CLIENT_SECRET: 'hush' };
    const { jira, jiraApp } = readConfig(app);

    expect(jira).toBeNull();
    expect(jiraApp).toEqual({
      clientId: 'id',
      clientSecret: 'hush',
      authUrl: 'https://auth.atlassian.com',
      apiUrl: 'https://api.atlassian.com',
    });
    expect(readConfig({ ...app, JIRA_API_URL: 'http://127.0.0.1:9/' }).jiraApp?.apiUrl).toBe('http://127.0.0.1:9');
    expect(describeConfig(readConfig(app)).on).toEqual(['Jira']);
    expect(faultsOf({ PARLEY_SECRET: secret, JIRA_CLIENT_ID: 'id' })).toEqual([
      'Jira by OAuth is half set up: JIRA_CLIENT_SECRET is missing. Set it, or unset JIRA_CLIENT_ID to turn Jira by OAuth off',
    ]);
  });

  test('proxies are trusted by number or by network, never all of them', () => {
    const trusted = (value: string) => readConfig({ PARLEY_SECRET: secret, TRUST_PROXY: value }).trustProxy;

    expect(trusted('2')).toBe(2);
    expect(trusted('loopback, 10.0.0.0/8,2001:db8::/32')).toEqual(['loopback', '10.0.0.0/8', '2001:db8::/32']);
    expect(readConfig({ PARLEY_SECRET: secret }).trustProxy).toBe(false);
    for (const wrong of ['true', '0', '*', '0.0.0.0/0/1', '10.0.0.0/33', 'proxy.example.com'])
      expect(faultsOf({ PARLEY_SECRET: secret, TRUST_PROXY: wrong }).join()).toMatch(/TRUST_PROXY is how many proxies/);
  });

  test('an empty setting is the same as none', () => {
    expect(readConfig({ PARLEY_SECRET: secret, SLACK_BOT_TOKEN: '' }).slack).toBeNull();
  });

  test('no fault repeats the value of a setting, which may be a secret', () => {
    const faults = faultsOf({
      PARLEY_SECRET: 'hunter2',
      SLACK_BOT_TOKEN: 'token-hunter2',
      MAIL_INBOUND_SECRET: 'hunter2',
    });

    expect(faults.join('\n')).not.toContain('hunter2');
    expect(faults.length).toBeGreaterThan(2);
  });
});
