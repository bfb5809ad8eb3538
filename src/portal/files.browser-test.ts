import { readFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { runCommand, showView } from '../core/kernel/registry.ts';
import { violations } from '../testing/axe.ts';
import { given, surfing } from '../testing/chromium.ts';
import { as } from '../testing/firm.ts';

/*
 * Files as a browser sends and saves them: in the order in which it writes a form, under the names that it gives.
 */
const surf = surfing('files');

given('a client chooses two files, sends them, and saves one of them again', async () => {
  const { app, firm, page } = surf();
  const typed = { project: firm.acme.project, kind: 'files', title: 'The logo' };
  const asked = { name: 'requirement.ask', input: typed, requestId: 'asked' };
  const { output } = await runCommand(app, as(firm, firm.admin), asked);
  const { id: requirement } = output as { id: string };
  const form = { target: 'requirement.provide-files', input: { requirement, version: '1' } };
  const [way] = (await showView(app, as(firm, firm.acme.approver), form)).actions;
  if (way?.kind !== 'link') throw new Error('no card leads to the page');

  await page.goto(way.url);
  await page.getByRole('button', { name: /^Sign in as/ }).click();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send the files' }).click();
  expect(
    await page.getByLabel('Files').evaluate((field: { validity: { valid: boolean } }) => field.validity.valid),
  ).toBe(false);

  const drawing = Buffer.from('89504e470d0a1a0a0000', 'hex');
  await page.getByLabel('Files').setInputFiles([
    { name: 'Logo – groß.png', mimeType: 'image/png', buffer: drawing },
    { name: 'fonts.zip', mimeType: 'application/zip', buffer: Buffer.alloc(3_000_000, 'zip') },
  ]);
  await page.getByRole('button', { name: 'Send the files' }).click();
  await page.getByText('is provided with 2 files').waitFor();
  expect(await violations(page)).toEqual([]);

  const coming = page.waitForEvent('download');
  await page.getByRole('listitem').filter({ hasText: 'Logo – groß.png' }).getByRole('link', { name: 'Get' }).click();
  const saved = await coming;
  expect(saved.suggestedFilename()).toBe('Logo – groß.png');
  expect((await readFile(await saved.path())).equals(drawing)).toBe(true);
});
