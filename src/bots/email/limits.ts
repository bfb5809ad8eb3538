/** What a mail may be, and how long and how often: one table for the channel. */
export const LIMITS = {
  /** Largest mail taken in, in bytes: what the large mail providers accept. */
  mailBytes: 25 * 1024 * 1024,
  /** Of a larger one only its beginning is kept beside its headers; the whole stays in the mailbox. */
  stubBytes: 256 * 1024,
  /** Headers are read up to here; real ones stay below 64 KB. */
  headerBytes: 256 * 1024,
  /** Of one field with addresses: a thousand recipients have room in it. */
  addressCharacters: 64_000,
  /** Of Authentication-Results; what servers write is below 2 KB, with many signatures below 8. */
  resultsCharacters: 16_000,
  /** Where in that field its server must have said its name; a name has 255 characters at most, a comment may precede it. */
  authservIdCharacters: 1_000,
  /** A mail that takes longer than this to read is hostile. Well inside a job's lease of 15 s. */
  readMilliseconds: 6_000,
  /** Text is folded up to here; what is beyond is kept with what is folded. */
  textCharacters: 1_000_000,
  /** Above this many lines signatures are not looked for. */
  foldLines: 5_000,
  /** The kept parser takes 25 ms for this much text, and seconds for three times as much. */
  foldCharacters: 64_000,
  foldMilliseconds: 1_500,
  /** HTML is read up to here; what mail programs write around a long thread stays below. */
  htmlCharacters: 1_000_000,
  /** Longest subject written; longer ones are cut by many clients anyway. */
  subjectCharacters: 200,
  /** One sender's verified mails an hour. A person does not write more; two machines answering each other do. */
  mailsPerHour: 30,
  /** Seconds that a signed delivery may be old or early. */
  signatureSeconds: 300,
  /** Days that a link in a mail can be used. */
  linkDays: 30,
} as const;

/** Under this line stands what we wrote; people answer above it. */
export const MARKER = '– Write your answer above this line –';
