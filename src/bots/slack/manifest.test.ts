import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { z } from 'zod';
import { specFile } from '../../testing/specs.ts';
import { SCOPES } from './scopes.ts';

const manifest = JSON.parse(await readFile(join(import.meta.dirname, 'manifest.json'), 'utf8')) as Record<
  string,
  unknown
>;

const address = z.literal('https://parley.example.com/slack/events');

/** What Parley needs of its app, in the form and with the limits that Slack documents for manifests. */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.int() }),
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z.tuple([
      z.strictObject({
        command: z.literal('/parley'),
        url: address,
        description: z.string().max(2_000),
        usage_hint: z.string().max(1_000),
        should_escape: z.literal(false),
      }),
    ]),
  }),
  oauth_config: z.strictObject({
    redirect_urls: z.tuple([z.literal('https://parley.example.com/slack/oauth_redirect')]),
    scopes: z.strictObject({ bot: z.array(z.string().max(50)) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: address, bot_events: z.array(z.string()) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: address }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

test('the manifest asks Slack for what the channel uses, and for nothing more', () => {
  const { oauth_config, settings } = Manifest.parse(manifest);

  expect(settings.event_subscriptions.bot_events).toEqual([
    'message.channels',
    'message.groups',
    'app_uninstalled',
    'tokens_revoked',
  ]);
  // chat.*; /parley; the two events and looking for a lost message; whether a channel can be written to; names of mentioned people.
  expect(oauth_config.scopes.bot).toEqual([...SCOPES]);
  expect(oauth_config.scopes.bot).toEqual([
    'chat:write',
    'commands',
    'channels:history',
    'channels:read',
    'groups:history',
    'groups:read',
    'users:read',
  ]);
});

test('the manifest chooses one version of Slack’s schema', async () => {
  const official = specFile('slack-app-manifest.schema.json');
  if (!official) return;
  const schema = JSON.parse(await readFile(official, 'utf8')) as object;
  const ajv = new Ajv({ strict: false });
  // The schema's versions live on the web; here they stand for anything, and the test above checks the contents.
  for (const [reference] of JSON.stringify(schema).matchAll(/https:\/\/raw[^"]+/g))
    if (!ajv.getSchema(reference)) ajv.addSchema({}, reference);

  const validate = ajv.compile(schema);

  expect([validate(manifest), validate.errors]).toEqual([true, null]);
});
