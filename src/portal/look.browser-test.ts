import { expect } from '@jest/globals';
import { runCommand, showView } from '../core/kernel/registry.ts';
import { violations } from '../testing/axe.ts';
import { given, surfing } from '../testing/chromium.ts';
import { as } from '../testing/firm.ts';

/*
 * What a contact sees, as a browser shows it to the team: readable, walked by links and the keyboard, and nothing of it can be pressed.
 */
const surf = surfing('looks');

given.each([
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 390 },
] as const)(
  'a member of the team sees the work of a contact ($scheme, $width px), and can press none of it',
  async ({ scheme, width }) => {
    const { app, firm, origin, page } = surf();
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    const { project } = firm.acme;
    const input = {
      project,
      name: `Checkout ${scheme}`,
      startsOn: '2026-11-02',
      endsOn: '2026-11-27',
      deliverables: 'One',
    };
    await runCommand(app, as(firm, firm.admin), { name: 'cycle.plan', input, requestId: scheme });
    const [way] = (await showView(app, as(firm, firm.admin), { target: 'session.portal', input: {} })).actions;
    if (way?.kind !== 'link') throw new Error('no card leads to the pages');
    await page.goto(way.url);
    await page.getByRole('button', { name: /^Sign in as/ }).click();

    await page.goto(`${origin}/app/people.show?person=${firm.acme.approver}`);
    await page.getByText('More…').click();
    await page.getByRole('button', { name: 'See it as they do' }).click();
    await page.getByRole('button', { name: 'Open what they see' }).click();
    await page.getByText('You see this as').waitFor();
    expect(await violations(page)).toEqual([]);

    await page
      .getByRole('listitem')
      .filter({ hasText: `Checkout ${scheme}` })
      .getByRole('button')
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: `Checkout ${scheme}` }).waitFor();
    expect(page.url()).toContain('/app/as/');
    expect(await page.getByText('You see this as').isVisible()).toBe(true);
    const approve = page.getByRole('button', { name: 'Approve', exact: true });
    expect(await approve.isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);

    await page.getByRole('link', { name: 'Back to your own pages' }).click();
    await page.getByText('Sign out').waitFor();
  },
);
