import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { specFile } from './specs.ts';

/** The syntaxes of EN 16931. */
type Syntax = 'CII' | 'UBL';

/** What Debian calls the processor of XSLT 2 for which the rules were made. */
const SAXON = ['/usr/share/java/Saxon-HE.jar', '/usr/share/java/xml-resolver.jar'];

/** The rules of EN 16931 (Schematron, by the European Commission); null, and said so, where they are not here or nothing runs them. */
export function rulesOf(syntax: Syntax): string | null {
  const path = specFile(`en16931/EN16931-${syntax}-validation.xslt`);
  if (!path || (SAXON.every((jar) => existsSync(jar)) && spawnSync('java', ['-version']).status === 0)) return path;
  console.log(`Not checked by the rules for ${syntax}: apt-get install default-jre-headless libsaxonhe-java.`);
  return null;
}

/** Which rules each of some documents breaks. @throws Error where they were not asked */
export function broken(rules: string | null, documents: Readonly<Record<string, Buffer>>): Record<string, string[]> {
  if (!rules) throw new Error('there are no rules');
  const folder = mkdtempSync(join(tmpdir(), 'parley-rules-'));
  try {
    mkdirSync(join(folder, 'in'));
    const names = Object.keys(documents);
    for (const [index, name] of names.entries())
      writeFileSync(join(folder, 'in', `${index}.xml`), documents[name] ?? '');
    const places = [`-s:${join(folder, 'in')}`, `-o:${join(folder, 'out')}`];
    mkdirSync(join(folder, 'out'));
    const run = spawnSync('java', ['-cp', SAXON.join(':'), 'net.sf.saxon.Transform', `-xsl:${rules}`, ...places]);
    if (run.status !== 0) throw new Error(`Saxon: ${run.stderr}`);
    return Object.fromEntries(names.map((name, index) => [name, failedIn(join(folder, 'out', `${index}.xml`))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function failedIn(report: string): string[] {
  const text = readFileSync(report, 'utf8');
  // Of a document in which no rule found its place, nothing is known.
  if (text.split('<svrl:fired-rule').length < 20) throw new Error(`${report} tells of too few rules`);
  return [...text.matchAll(/<svrl:failed-assert[^>]*?\sid="([^"]+)"/g)].map(([, id]) => id ?? '');
}

/** The folder of the schemas (Factur-X, profile EN 16931; UBL 2.1, by OASIS); null, and said so, where they are not here. */
export function structureOf(syntax: Syntax): string | null {
  return specFile(syntax === 'CII' ? 'en16931/factur-x' : 'en16931/ubl-2.1');
}

/** What of a document is not built as its schema says. */
export async function misbuilt(folder: string | null, xml: Buffer, kind: string): Promise<string[]> {
  if (!folder) throw new Error('there is no schema');
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.xsd'))
    // All in one folder, as the validator holds them.
    .map((name) => ({
      fileName: name.split('/').at(-1) ?? '',
      contents: readFileSync(join(folder, name), 'utf8').replaceAll(
        /schemaLocation="(?:\.\.\/)?(?:common\/)?/g,
        'schemaLocation="',
      ),
    }));
  const root = kind === 'credit' ? 'UBL-CreditNote-2.1.xsd' : 'UBL-Invoice-2.1.xsd';
  const isRoot = ({ fileName }: { fileName: string }) => fileName === root || /_EN16931\.xsd$/.test(fileName);
  const { errors } = await validateXML({
    xml: [{ fileName: 'invoice.xml', contents: xml }],
    schema: files.filter(isRoot),
    preload: files.filter((file) => !isRoot(file)),
    initialMemoryPages: 1_024,
    maxMemoryPages: 4_096,
  });
  return errors.map(({ message }) => message);
}
