import { defineConfig } from 'prisma/config';

/**
 * For Prisma's own commands: `npx prisma migrate deploy`, `npx prisma studio`. Parley itself does not read this: `npm run
 * migrate` keeps the same ledger, so that both can be used on one database.
 */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
