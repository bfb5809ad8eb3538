import type { Mutant } from './mutant.ts';
import { mutant } from './mutant.ts';

const FILES = 'src/core/kernel/files.ts';
const SEALED = 'src/core/kernel/sealed-stream.ts';
const TYPES = 'src/core/kernel/file-type.ts';
const UPLOAD = 'src/portal/upload.ts';
const MULTIPART = 'src/portal/multipart.ts';
const kernel = 'src/core/kernel/files.test.ts';
const stream = 'src/core/kernel/sealed-stream.test.ts';
const asked = 'src/core/requirements/files.test.ts';

/** Files that clients send: what is taken, how it is kept, and to whom it is handed out. */
export const FILE_MUTANTS: readonly Mutant[] = [
  mutant('a file of any size is taken', FILES, 'if (seen.size > most)', 'if (false)', kernel),
  mutant('what the scan finds is taken', FILES, '    if (found) throw', '    if (false) throw', kernel),
  mutant(
    'a file is taken while the scanner is down',
    FILES,
    'await scanning.begin().catch(notScanned)',
    'await scanning.begin().catch(() => null)',
    kernel,
  ),
  mutant(
    'what was refused stays stored',
    FILES,
    '    await storage.remove(stored).catch(() => undefined);\n',
    '',
    kernel,
  ),
  mutant(
    'what was never scanned is handed out',
    FILES,
    "if (scan !== 'clean' && scanning !== 'off')",
    'if (false)',
    kernel,
  ),
  mutant(
    'the end of a sealed file may be cut off',
    SEALED,
    'nonce.writeUInt8(isLast ? 1 : 0, 0);',
    'nonce.writeUInt8(0, 0);',
    stream,
  ),
  mutant(
    'pieces of a sealed file may change places',
    SEALED,
    'nonce.writeUInt32BE(place, 8);',
    'nonce.writeUInt32BE(0, 8);',
    stream,
  ),
  mutant('a picture with a script is handed out as one', TYPES, 'RUNS.test(type) || ', '', kernel),
  mutant(
    'files are taken of whoever may not send them',
    UPLOAD,
    '      allow(subject !== null && command.policy(context.actor, subject));',
    '      allow(subject !== null);',
    asked,
  ),
  mutant(
    'a text that a browser sends passes for files',
    'src/core/kernel/uploads.ts',
    'return secrets.verify(PURPOSE, text, signature)\n      ?',
    "return text.startsWith('ey')\n      ?",
    asked,
  ),
  mutant(
    'a form that breaks off takes the hub down',
    MULTIPART,
    "      content.on('error', () => undefined);\n      // A field of files in which none was chosen is sent with one that has no name.\n      if (!name || !filename) return void content.resume();\n",
    "      if (!name || !filename) return void content.resume();\n      content.on('error', () => undefined);\n",
    asked,
  ),
  mutant(
    'a browser that left is waited for without end',
    MULTIPART,
    'if (!request.readableEnded) hungUp();',
    'if (!request.complete) hungUp();',
    asked,
  ),
  mutant(
    'a browser that waits for its scan is taken for one that is gone',
    MULTIPART,
    'if (request.isPaused()) waiting.refresh();',
    'if (false) waiting.refresh();',
    'src/portal/multipart.test.ts',
  ),
  mutant(
    'whoever sends files may stand still for as long as they like',
    MULTIPART,
    '      else request.destroy();',
    '      else waiting.refresh();',
    'src/portal/multipart.test.ts',
  ),
  mutant(
    'a request without files may take as long as one with them',
    'src/request-time.ts',
    'if (isLong(request)) return;',
    'if (request) return;',
    'src/request-time.test.ts',
  ),
  mutant('files are for what stands behind them', UPLOAD, 'if (isBehind && SEALING', 'if (false && SEALING', asked),
  mutant(
    'files are taken in a field that asks for none',
    UPLOAD,
    '    if (field !== asked.field) throw notAsked();\n',
    '',
    asked,
  ),
  mutant(
    'one person sends any number of forms at once',
    UPLOAD,
    'others < AT_ONCE ? null',
    'others < Infinity ? null',
    asked,
  ),
  mutant(
    'files of one firm are another’s',
    'src/core/kernel/uploads.ts',
    'taken?.tenantId === actor.tenantId && taken.expires',
    'taken?.expires && taken.expires',
    'src/core/kernel/uploads.test.ts',
  ),
  mutant(
    'a chat asks for files',
    'src/core/kernel/secret-form.ts',
    "if (!(asks('secret') || asks('file')) ||",
    "if (!asks('secret') ||",
    asked,
  ),
  mutant(
    'what came twice is kept twice',
    'src/portal/act.ts',
    "answer.kind === 'done' ? !answer.replayed :",
    "answer.kind === 'done' ? true :",
    asked,
  ),
];
