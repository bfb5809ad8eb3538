import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Who } from '../core/kernel/actor.ts';
import type { AnyCommand } from '../core/kernel/command.ts';
import { isOnPage } from '../core/kernel/on-page.ts';
import type { Area } from '../core/kernel/registry.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import type { OwnerQuery } from './database.ts';
import { asOwner } from './database.ts';
import type { TestClient, TestFirm } from './firm.ts';
import { as } from './firm.ts';
import type { RoleName } from './roles.ts';
import { rolesOf } from './roles.ts';

/** Where examples are made: for one client of a firm. */
export interface Stage {
  app: TestApp;
  firm: TestFirm;
  client: TestClient;
  /** Stands in texts of this client alone: whoever reads it elsewhere was told too much. */
  mark: string;
  roles: Readonly<Record<RoleName, Who>>;
  owner: OwnerQuery;
  /** Runs a command; what it answered. */
  run(role: RoleName, name: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, string>>;
}

/** Name of an input → what it takes: the id of something that was made, or a few words. */
export type Made = Readonly<Record<string, string>>;

/**
 * What the suites must be told of an area to try all of it; it stands in the area's own folder, as `examples.ts`. Commands
 * and views are found in the registry, and what a button gives or a form proposes is not said again.
 */
export interface Examples {
  /** Makes one of each thing that inputs of the area name, new each time. */
  make?(stage: Stage): Promise<Made>;
  /** Of the commands and views of which more must be said. */
  more?: Readonly<Record<string, Example>>;
}

export interface Example {
  /** What is brought or typed that neither the button gives nor the form proposes. */
  input?: Made | ((made: Made) => Made);
  /** What happens before, so that it is possible: who does what. */
  after?: readonly (readonly [Doer, command: string])[];
}

/** A role, or the person whose id the examples make. */
export type Doer = RoleName | 'the person';

/** @throws Error for an area without examples: nothing of it could be tried */
export async function examplesOf({ name }: Pick<Area, 'name'>): Promise<Examples> {
  const path = join(import.meta.dirname, `../core/${name}/examples.ts`);
  if (!existsSync(path))
    throw new Error(
      `The area ${name} has no examples, so nothing of it can be tried: write src/core/${name}/examples.ts, see docs/adding-an-area.md.`,
    );
  return ((await import(path)) as { examples: Examples }).examples;
}

export function stageOf(app: TestApp, firm: TestFirm, client: TestClient, mark: string): Stage {
  const roles = rolesOf(firm, client);
  return {
    ...{ app, firm, client, mark, roles, owner: asOwner(app.database) },
    run: async (role, name, input) =>
      (await runCommand(app, roles[role], { name, input, requestId: crypto.randomUUID() })).output as Record<
        string,
        string
      >,
  };
}

/** Everything that inputs of an area may name: what the firm has anyway, and what the area's examples make. */
export async function madeOn(stage: Stage, examples: Examples): Promise<Made> {
  const { client } = stage;
  return { client: client.id, project: client.project, ...(await examples.make?.(stage)) };
}

/** What a command or view of the area may be given, together with what its example says of it. */
export function givenFor(examples: Examples, { name }: { name: string }, made: Made): Made {
  const { input } = examples.more?.[name] ?? {};
  return { ...made, ...(typeof input === 'function' ? input(made) : input) };
}

/** Everybody who may try: the roles of the matrix, and the person that the examples made. */
export function doersOf({ roles, firm }: Stage, { person }: Made): Readonly<Partial<Record<Doer, Who>>> {
  return { ...roles, ...(person ? { 'the person': as(firm, person) } : {}) };
}

/** The same, where the command is tried: what is done on pages alone, signed in to them. */
export function doersFor(stage: Stage, made: Made, command: AnyCommand): ReturnType<typeof doersOf> {
  const doers = doersOf(stage, made);
  if (!isOnPage(command)) return doers;
  return Object.fromEntries(
    Object.entries(doers).map(([name, who]) => [name, who.kind === 'person' ? { ...who, channel: 'portal' } : who]),
  );
}
