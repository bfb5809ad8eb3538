import { z } from 'zod';
import { instant } from '../kernel/instant.ts';
import { PricedLine } from '../kernel/priced-line.ts';
import { ROUNDINGS } from '../kernel/vat.ts';

export const EVERY = ['monthly', 'quarterly', 'yearly'] as const;
export type Every = (typeof EVERY)[number];
export const STATUSES = ['running', 'ended'] as const;
export type Status = (typeof STATUSES)[number];

const Content = z.strictObject({
  currency: z.string().describe('The code of ISO 4217'),
  rounding: z.enum(ROUNDINGS).describe('Where tax is rounded: on each line, or once for each rate'),
  lines: z.array(PricedLine).describe('What is billed each time'),
});

const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('running').describe('Each period is billed as it begins') }),
  z.strictObject({
    status: z.literal('ended').describe('No later period is billed'),
    byName: z.string().describe('Who ended it'),
    at: instant().describe('When they did'),
    reason: z.string().describe('Why'),
  }),
]);

/** What a client agreed to pay again and again: all lines of a quote that come as often. */
export const Subscription = z.strictObject({
  id: z.uuid().describe('Its id'),
  version: z.int().describe('Counts every change; presses carry it'),
  clientId: z.uuid().describe('The client who agreed to it'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  projectId: z.uuid().nullable().describe('The project that it is for; null for the whole client'),
  projectName: z.string().nullable().describe('What the project is called'),
  timezone: z.string().describe('The client’s, in which its periods begin'),
  quoteId: z.uuid().describe('The quote by which it was agreed on'),
  called: z.string().describe('What that quote is called'),
  title: z.string().describe('What it is for'),
  every: z.enum(EVERY).describe('How often it is billed'),
  content: Content.describe('What is billed each time'),
  startsOn: z.iso.date().describe('The first day of its first period, on the client’s calendar'),
  billed: z.int().describe('How many periods were billed'),
  state: State.describe('Whether it goes on'),
  createdAt: instant().describe('When it was begun'),
});
export type Subscription = z.infer<typeof Subscription>;

export const Facts = z.strictObject({
  subscription: z.uuid().describe('The subscription’s id'),
  quote: z.uuid().describe('The quote by which it was agreed on'),
  title: z.string().describe('What it is for'),
  every: z.enum(EVERY).describe('How often it is billed'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
  billed: z.int().describe('How many periods were billed'),
  next: z.iso.date().nullable().describe('When the next period begins'),
});

/** As one line of a list. */
export const ListedSubscription = Subscription.pick({
  id: true,
  title: true,
  every: true,
  clientName: true,
  projectName: true,
  startsOn: true,
  createdAt: true,
}).extend({ status: z.enum(STATUSES).describe('Whether it goes on') });
export type ListedSubscription = z.infer<typeof ListedSubscription>;
