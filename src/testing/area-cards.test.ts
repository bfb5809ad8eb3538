import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { areaCards } from './area-cards.ts';

// One neutral file per card: how a channel draws it is looked at with the synthetic cards, and the contract of channels
// draws every card on every channel against its limits.
test.each(Object.entries(areaCards))('the card %s is what was agreed', (name, card) => {
  const path = join(import.meta.dirname, 'golden/cards', `${name}.json`);
  const text = `${JSON.stringify(card, null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);

  // What a fact that is missing is drawn as.
  expect(text).not.toMatch(/Invalid DateTime|\bundefined\b|\bNaN\b|\[object /);
  expect(text).toBe(readFileSync(path, 'utf8'));
});
