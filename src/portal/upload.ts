import type { Readable } from 'node:stream';
import type { Request } from 'express';
import type { Press } from '../core/kernel/card.ts';
import { parseInput } from '../core/kernel/command.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { TakenFile } from '../core/kernel/files.ts';
import { commandOf } from '../core/kernel/registry.ts';
import { allow } from '../core/kernel/thing-definition.ts';
import { MOST_FILES, signUploads } from '../core/kernel/uploads.ts';
import { readMultipart } from './multipart.ts';
import type { Portal } from './portal.ts';
import type { Sent } from './seal.ts';
import { openSeal, SEALING, TICKS } from './seal.ts';
import type { SignedIn } from './session.ts';

/** What came with a form that holds files. */
export interface Upload {
  /** Null where it was no form of ours. */
  sent: Sent | null;
  /** Where the files were stored; whoever makes nothing of them removes them. */
  stored: string[];
  /** Why they were not taken. */
  fault: DomainError | null;
}

export function isUpload(request: Request): boolean {
  return Boolean(request.is('multipart/form-data'));
}

/** Forms with files that one person may be sending at a time: each holds room until it is done. */
const AT_ONCE = 3;
const sending = new Map<string, number>();

/**
 * Reads a form with files as it comes, and takes each file as its turn comes: nothing is held in memory whole. The fields that seal the form
 * stand before its files; without them, and for whoever may not do what it is for, no byte of a file is stored.
 */
export async function readUpload(portal: Portal, request: Request, reader: SignedIn): Promise<Upload> {
  const { personId } = reader.person;
  const others = sending.get(personId) ?? 0;
  sending.set(personId, others + 1);
  try {
    return await readForm(portal, request, reader, others < AT_ONCE ? null : tooManyAtOnce());
  } finally {
    const left = (sending.get(personId) ?? 1) - 1;
    if (left > 0) sending.set(personId, left);
    else sending.delete(personId);
  }
}

/** @param refused why none of its files is taken, whatever they are */
async function readForm(
  portal: Portal,
  request: Request,
  reader: SignedIn,
  refused: DomainError | null,
): Promise<Upload> {
  const { app } = portal;
  const fields = new Map<string, string | string[]>();
  const taken: TakenFile[] = [];
  let fault = refused;
  /** The field of the first file, and whether files may be sent there. */
  let asked: { field: string; allowed: Promise<void> } | undefined;
  const open = () =>
    openSeal(app.secrets, Object.assign(request, { body: Object.fromEntries(fields) }), reader.path, reader.session);

  const takeOne = async (field: string, file: { name: string; type: string; content: Readable }): Promise<void> => {
    asked ??= { field, allowed: requireAsked(portal, reader, open()?.press ?? null, field) };
    await asked.allowed;
    if (field !== asked.field) throw notAsked();
    if (taken.length >= MOST_FILES) throw tooMany();
    // What is broken off is read to its end all the same, so it is not destroyed by whoever stops reading.
    const content = file.content.iterator({ destroyOnReturn: false });
    taken.push(await app.files.take({ ...file, content }));
  };
  await readMultipart(request, {
    field: (name, value, isBehind) => {
      // What the form is for is asked by what stands before its first file: it is no other one afterwards.
      if (isBehind && SEALING.includes(name)) return;
      const before = fields.get(name);
      fields.set(name, name.startsWith(TICKS) && before !== undefined ? [before, value].flat() : value);
    },
    file: async (name, file) => {
      try {
        if (!fault) await takeOne(name.replace(/^field-/, ''), file);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'unavailable') app.log.warn({ err: error }, 'a file could not be taken');
        fault = error;
      } finally {
        // What is not taken is read and forgotten: a browser shows no answer before it has sent everything.
        file.content.resume();
      }
    },
    files: MOST_FILES + 1,
    most: (MOST_FILES + 1) * app.files.most,
  }).catch(async (error: unknown) => {
    await app.files.drop(taken.map(({ stored }) => stored));
    throw error;
  });

  const stored = taken.map((one) => one.stored);
  const form = open();
  const sent = form && { ...form, isForm: true };
  if (!sent || !asked || fault || !taken.length) return { sent, stored, fault };
  const { tenantId } = reader.person;
  const token = signUploads(app.secrets, { tenantId, files: taken }, app.clock.now());
  const { field } = asked as { field: string };
  return { sent: { ...sent, typed: { ...sent.typed, [field]: token } }, stored, fault };
}

/** Is there a command whose form asks for files there, and may this person do it? @throws DomainError */
async function requireAsked({ app }: Portal, { who }: SignedIn, press: Press | null, field: string): Promise<void> {
  const command = press && commandOf(app.registry, press);
  const fields = command?.form?.fields ?? {};
  if (!press || !command?.form || !Object.hasOwn(fields, field) || !fields[field]?.meta()?.file) throw notAsked();
  const opened = parseInput(command.form.opens, press.input);
  await withActor(
    app,
    who,
    async (context) => {
      const subject = await command.load(context, opened);
      allow(subject !== null && command.policy(context.actor, subject));
    },
    opened,
  );
}

function notAsked(): DomainError {
  return new DomainError('forbidden', 'No files are asked for here.');
}

function tooManyAtOnce(): DomainError {
  return new DomainError('unavailable', 'Other files of yours are still on their way. Please send these afterwards.');
}

function tooMany(): DomainError {
  const say = `are more than ${MOST_FILES}, which is the most`;
  return new DomainError('invalid', `Please check: files: ${say}`, { fields: { files: say } });
}
