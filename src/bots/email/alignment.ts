import { getDomain } from 'tldts';
import type { Header } from './headers.ts';
import { domainOf, valuesOf } from './headers.ts';
import { LIMITS } from './limits.ts';

/** Whether the sender's domain stands behind a mail, by the word of the receiving server. */
export type Alignment = { verified: true; by: 'dmarc' | 'dkim' | 'spf' } | { verified: false; why: string };

/** One `method=result property=value …` of an Authentication-Results field. */
interface Result {
  method: string;
  result: string;
  properties: Readonly<Record<string, string>>;
}

/**
 * Judges the From domain by RFC 8601. Only the topmost field of the server we were told to trust counts; that server
 * must remove foreign fields which bear its name (RFC 8601, section 5), as receiving servers do.
 * DMARC has the first word; where the domain publishes none, DKIM or SPF must be aligned with it.
 * @param authservId the receiving server's name; without it nothing can be believed
 */
export function alignmentOf(headers: readonly Header[], from: string, authservId: string | undefined): Alignment {
  if (!authservId) return unverified('no receiving server is trusted here (MAIL_AUTHSERV_ID is not set)');
  const field = valuesOf(headers, 'authentication-results').find(
    (value) => authservIdOf(value) === authservId.toLowerCase(),
  );
  if (field === undefined) return unverified(`the mail carries no Authentication-Results of ${authservId}`);
  if (field.length > LIMITS.resultsCharacters)
    return unverified(`the Authentication-Results of ${authservId} are longer than any server writes them`);
  const results = resultsOf(field);
  const domain = domainOf(from);
  const dmarc = results.find(({ method }) => method === 'dmarc');
  if (dmarc?.result === 'pass' && dmarc.properties['header.from'] === domain) return { verified: true, by: 'dmarc' };
  // 'none': the domain publishes no policy. Anything else is a verdict, and it was not a pass for this From.
  if (dmarc && dmarc.result !== 'none')
    return unverified(`DMARC says ${dmarc.result} for ${dmarc.properties['header.from'] ?? 'no domain'}`);
  if (results.some((one) => one.method === 'dkim' && one.result === 'pass' && isAligned(dkimDomain(one), domain)))
    return { verified: true, by: 'dkim' };
  if (results.some((one) => one.method === 'spf' && one.result === 'pass' && isAligned(spfDomain(one), domain)))
    return { verified: true, by: 'spf' };
  return unverified(`neither DKIM nor SPF passed for ${domain}`);
}

function unverified(why: string): Alignment {
  return { verified: false, why };
}

function dkimDomain({ properties }: Result): string {
  return properties['header.d'] ?? domainOf(properties['header.i'] ?? '');
}

function spfDomain({ properties }: Result): string {
  return domainOf(properties['smtp.mailfrom'] ?? '');
}

/**
 * Relaxed alignment (RFC 7489, section 3.1): both belong to one organisation by the list of public suffixes, so that
 * neither `co.uk` nor a neighbour under it vouches for anybody.
 */
function isAligned(signer: string, from: string): boolean {
  if (signer === from) return signer !== '';
  const organisation = getDomain(from, ALIGNED);
  return organisation !== null && organisation === getDomain(signer, ALIGNED);
}

/** Providers who give names to strangers (github.io) are on the list's private part. */
const ALIGNED = { allowPrivateDomains: true };

function authservIdOf(field: string): string {
  return partsOf(field.slice(0, LIMITS.authservIdCharacters))[0]?.split(' ')[0] ?? '';
}

function resultsOf(field: string): Result[] {
  return partsOf(field)
    .slice(1)
    .map((part) => {
      const [verdict, ...properties] = part.split(' ').map((token) => {
        const at = token.indexOf('=');
        return [token.slice(0, at), token.slice(at + 1)] as const;
      });
      // The first of a name counts, as the server wrote it.
      const named = Object.fromEntries(properties.filter(([name]) => name.includes('.')).reverse());
      // A method may carry its version: dkim/1.
      return { method: verdict?.[0].split('/')[0] ?? '', result: verdict?.[1] ?? '', properties: named };
    });
}

/**
 * The parts between the semicolons, in lower case, without comments and needless blanks. What stands in quotes cannot
 * pass for syntax: a sender may choose some of it.
 */
function partsOf(field: string): string[] {
  // Collected in lists: a string that is both written to and looked at is copied each time.
  const parts: string[][] = [[]];
  let part = parts[0] ?? [];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < field.length; at += 1) {
    let character = field[at] ?? '';
    const escaped = character === '\\' && (quoted || depth > 0);
    if (escaped) {
      at += 1;
      character = field[at] ?? '';
    }
    if (!escaped && character === '"' && depth === 0) quoted = !quoted;
    else if (quoted) part.push(/[\w.@+-]/.test(character) ? character : '_');
    else if (!escaped && character === '(') depth += 1;
    else if (!escaped && character === ')' && depth > 0) depth -= 1;
    else if (depth > 0) continue;
    else if (character === ';') {
      part = [];
      parts.push(part);
    } else if (!/\s/.test(character)) part.push(character);
    else if (part.at(-1) !== ' ') part.push(' ');
  }
  return parts.map((one) => one.join('').trim().toLowerCase().replaceAll(' =', '=').replaceAll('= ', '='));
}
