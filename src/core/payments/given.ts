import { z } from 'zod';

const NAMED = 'is an amount in the smallest unit';

/** Of money that came or went, as a tool says it. */
export const units = z.coerce.number(NAMED).int(NAMED).positive('is more than 0');
export const moment = z.iso.datetime('is no moment');
/** What a tool calls something. */
export const toolsName = z.string().min(1).max(200);
