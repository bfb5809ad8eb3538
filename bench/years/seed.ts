/**
 * Fills an empty database on a PostgreSQL server with a firm as it is after years, to look at Parley at that size.
 *
 * Usage: DATABASE_URL=… PARLEY_SECRET=… npm run seed:large
 */
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { secretsFrom } from '../../src/core/kernel/secrets.ts';
import { StartFault } from '../../src/core/kernel/start-fault.ts';
import { endingOf } from '../../src/faults.ts';
import { migrate } from '../../src/migrate.ts';
import { openDatabase } from '../../src/open-database.ts';
import { testApp } from '../../src/testing/app.ts';
import { countsOf, makeYears, YEARS } from './firm.ts';

const started = performance.now();
const since = () => `${((performance.now() - started) / 1_000).toFixed(0)} s`;
try {
  await seed();
} catch (error) {
  const ending = endingOf(error);
  console.error(ending?.say ?? error);
  process.exitCode = ending?.code ?? 1;
}

async function seed(): Promise<void> {
  const config = readConfig(process.env);
  const { ownerUrl } = config.database;
  if (!ownerUrl)
    throw new StartFault('seed:large fills a PostgreSQL server: set DATABASE_URL to an empty database, as its owner.');
  await migrate(config, (line) => console.log(line));
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const onError = (error: Error) => console.error(error.message);
  const database = await openDatabase(config, { connections: 4, log: () => undefined, onError });
  try {
    const { rows } = await client.query('select from firm limit 1');
    if (rows.length) throw new StartFault('This database holds a firm already. Give seed:large one that is empty.');
    console.log('Making a firm as it is after years. This takes some minutes.');
    const app = { ...(await testApp(database)), secrets: secretsFrom(config.secrets) };
    const { stage } = await makeYears(app, client, YEARS);
    for (const [what, count] of Object.entries(await countsOf(client)))
      console.log(`${count.toLocaleString('en')} ${what}`);
    console.log(`Done in ${since()}.`);
    console.log('Start the hub, and sign in as the administrator with the link that this prints:');
    console.log(`  npm run parley -- portal-link ${stage.firm.admin}@example.com`);
  } finally {
    await database.close();
    await client.end();
  }
}
