/** How the hub answered one request. */
export interface Answered {
  kind: string;
  /** Null when there was no answer within the sender's patience, or no connection. */
  status: number | null;
  /** Milliseconds until the answer, or until the sender gave up. */
  took: number;
  /** Why there was no answer. */
  fault?: string;
}

/** Longest answer that Slack waits for, in milliseconds. */
const LONGEST = 3_000;

/** What is wrong with these answers: each must come in time, and say more than that something broke. */
export function faultsOf(answers: readonly Answered[]): string[] {
  const faults: string[] = [];
  const late = answers.filter(({ took }) => took > LONGEST);
  if (late.length)
    faults.push(
      `${late.length} of ${answers.length} answers took over ${LONGEST} ms, the longest ${Math.round(Math.max(...late.map(({ took }) => took)))} ms (${late[0]?.kind})`,
    );
  const bare = answers.filter(({ status }) => status === 500 || status === 502);
  if (bare.length)
    faults.push(`${bare.length} of ${answers.length} answers were a bare ${bare[0]?.status} (${bare[0]?.kind})`);
  const none = answers.filter(({ status }) => status === null);
  if (none.length) faults.push(`${none.length} of ${answers.length} requests had no answer: ${none[0]?.fault}`);
  return faults;
}
