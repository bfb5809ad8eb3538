import { wrong } from '../kernel/faults.ts';
import type { Platforms } from '../kernel/platform.ts';

/**
 * An address as somebody typed it, as it is kept. Where its name leads is looked at whenever something is sent there.
 * @throws DomainError invalid, beside the field
 */
export function addressIn(text: string, platforms: Pick<Platforms, 'addressFault'>): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fault = url ? faultOf(url, platforms) : 'is not an address; write it like https://example.com/parley';
  if (fault) throw wrong({ url: fault });
  return url?.href ?? '';
}

function faultOf(url: URL, { addressFault = httpsOnly }: Pick<Platforms, 'addressFault'>): string | null {
  if (url.username || url.password)
    return 'must hold no name and no password: by the signature the receiver knows who sends';
  if (url.hash) return 'must end before the #: what is behind it is sent nowhere';
  return addressFault(url);
}

function httpsOnly({ protocol }: URL): string | null {
  return protocol === 'https:' ? null : 'must begin with https://';
}
