/**
 * Who may import whom, as docs and code both promise it. The comment of each rule names the cure.
 * Tests, the simulator, src/testing and bench set things up from everywhere, so most rules leave them alone; in return
 * nothing else may import those.
 */
const tests = '[.](test|browser-test|mail-test)[.]ts$';
// What the suites are told of an area stands in its folder, and is read by them alone.
const examples = '^src/core/[^/]+/examples[.]ts$';
const free = [tests, examples, '^src/simulator/', '^src/testing/', '^bench/'];
const ours = '^(src|webhooks|bench|scripts|prisma)/';

/** Vendor SDK → the one folder that knows it. A new channel or integration adds a line. */
const vendorHomes = [
  { name: 'slack', home: '^src/bots/slack/', packages: ['@slack/'] },
  { name: 'teams', home: '^src/bots/teams/', packages: ['botbuilder', 'botframework-', 'adaptivecards'] },
  { name: 'discord', home: '^src/bots/discord/', packages: ['discord[.]js', 'discord-api-types', '@discordjs/'] },
  {
    name: 'email',
    home: '^src/bots/email/',
    packages: ['nodemailer', 'imapflow', 'mailparser', 'email-reply-parser', 'htmlparser2', 'smtp-server', 'tldts'],
  },
  { name: 'jira', home: '^src/integrations/jira/', packages: ['jira[.]js'] },
  { name: 'stripe', home: '^src/integrations/stripe/', packages: ['stripe/'] },
  { name: 'standardwebhooks', home: '^src/integrations/endpoints/', packages: ['standardwebhooks/'] },
  { name: 's3', home: '^src/integrations/s3/', packages: ['@aws-sdk/'] },
];

/** Rooms that reach the core only through the kernel and the list of areas: [name, own folder, what else it may read]. */
const rooms = [
  ['bots', '^src/bots/', []],
  ['integrations', '^src/integrations/', []],
  ['webhooks', '^webhooks/', ['^src/integrations/(connectors?|accounts)[.]ts$']],
  ['files', '^src/files/', []],
  ['portal', '^src/portal/', []],
  ['api', '^src/api/', []],
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernel-imports-nothing-of-ours',
      comment:
        'The kernel knows no area, channel or setting. Pass what it needs as a parameter, or register it from main.ts.',
      severity: 'error',
      from: { path: '^src/core/kernel/', pathNot: free },
      to: { path: ours, pathNot: ['^src/core/kernel/', '^src/generated/'] },
    },
    {
      name: 'area-imports-kernel-and-front-doors',
      comment:
        'An area imports the kernel, and another area only through its index.ts. Export what you need there; what three areas need moves to the kernel.',
      severity: 'error',
      from: { path: '^src/core/(?!kernel/)([^/]+)/', pathNot: free },
      to: { path: ours, pathNot: ['^src/core/$1/', '^src/core/kernel/', '^src/core/[^/]+/index[.]ts$'] },
    },
    {
      name: 'areas-lists-front-doors',
      comment:
        'areas.ts is the list of areas: it imports index.ts of each, and the kernel. Nothing else belongs there.',
      severity: 'error',
      from: { path: '^src/core/[^/]+[.]ts$', pathNot: free },
      to: { path: ours, pathNot: ['^src/core/kernel/', '^src/core/[^/]+/index[.]ts$'] },
    },
    ...rooms.map(([name, home, more]) => ({
      name: `${name}-stays-in-its-room`,
      comment: `${name} imports core/kernel, core/areas.ts, config.ts and its own files. Ask for a command or a view by name instead of importing an area; two rooms meet only in main.ts.`,
      severity: 'error',
      from: { path: home, pathNot: free },
      to: {
        path: ours,
        pathNot: [home, '^src/core/kernel/', '^src/core/areas[.]ts$', '^src/config[.]ts$', ...more],
      },
    })),
    {
      name: 'siblings-do-not-meet',
      comment:
        'A channel or a connector never imports another one. What both need goes up one folder, beside the registry, at its third use.',
      severity: 'error',
      from: { path: '^src/(bots|integrations)/([^/]+)/', pathNot: free },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/$1/$2/' },
    },
    ...vendorHomes.map(({ name, home, packages }) => ({
      name: `${name}-sdk-at-home`,
      comment: `Only ${home.slice(1)} knows this vendor's SDK. Translate there (parse.ts, client.ts, map.ts, render.ts) and hand out our own types.`,
      severity: 'error',
      from: { path: ours, pathNot: [...free, home] },
      to: { path: packages.map((name) => `node_modules/(@types/)?${name}`) },
    })),
    {
      name: 'prisma-only-in-kernel',
      comment:
        'Data is reached through withActor. Take the database handle of the context instead of importing Prisma or the generated client.',
      severity: 'error',
      from: { path: ours, pathNot: [...free, '^src/core/kernel/', '^scripts/', '^src/generated/'] },
      to: { path: ['node_modules/@prisma/', '^src/generated/'] },
    },
    {
      name: 'nobody-imports-main',
      comment: 'main.ts composes everything and starts. Move what you need out of it, or start it as a process.',
      severity: 'error',
      from: { path: ours },
      to: { path: '^src/main[.]ts$' },
    },
    {
      name: 'simulator-only-from-main-and-demo',
      comment:
        'The stand-ins of the platforms are for the demo. Product code speaks to the real API at an address from config.ts.',
      severity: 'error',
      from: { path: ours, pathNot: [...free, '^src/main[.]ts$'] },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'testing-and-bench-stay-outside',
      comment:
        'src/testing, bench and test files are never part of the product. Move what the product needs into its own room.',
      severity: 'error',
      from: { path: ours, pathNot: free },
      to: { path: ['^src/testing/', '^bench/', tests, examples] },
    },
    {
      name: 'no-tests-imported',
      comment: 'A test imports no other test: move what both need to src/testing.',
      severity: 'error',
      from: { path: ours },
      to: { path: tests },
    },
    {
      name: 'no-circular',
      comment: 'Two files that import each other cannot be read alone. Move what both need into a third.',
      severity: 'error',
      from: { path: ours, pathNot: '^src/generated/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and it imports nothing. Delete it, or connect it.',
      severity: 'error',
      from: { orphan: true, path: ours, pathNot: [tests, '^src/generated/', '^scripts/', '[.]d[.]ts$'] },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment:
        'This import leads nowhere. Write the relative path with its .ts ending, or add the package to package.json.',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true, pathNot: '^src/generated/' },
    },
    {
      name: 'no-dev-packages-in-product',
      comment: 'An installation without development packages must run. Move the package to dependencies.',
      severity: 'error',
      from: { path: '^(src|webhooks)/', pathNot: [...free, '^src/generated/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'no-unlisted-packages',
      comment: 'The package comes only by way of another one and may vanish. Add it to package.json.',
      severity: 'error',
      from: { path: ours, pathNot: '^src/generated/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined', 'deprecated'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/fixtures/[^/]+[.]json$'] },
    // An import of types alone binds two files as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'types', 'default'] },
  },
};
