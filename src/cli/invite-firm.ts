import { inviteFirm as invite } from '../portal/founding.ts';
import type { Terminal } from './terminal.ts';

/** Prints an address at which one more firm makes itself and its first administrator, in a browser. */
export async function inviteFirm({ app, print }: Terminal): Promise<number> {
  print(await invite(app));
  console.error('It makes one firm and its first administrator, once, within seven days. Give it to that firm alone.');
  return 0;
}
