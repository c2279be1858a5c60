import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Engine, Open } from '../contract.ts'

/** What a row stands for: the floor, the driver or a builder used as it comes, an ORM, something tuned by hand that is printed for reference, or Covet. */
export type Kind = 'floor' | 'driver' | 'builder' | 'orm' | 'reference' | 'covet'

export interface Contender {
  readonly kind: Kind
  /** Relative to this folder. Its `open`, or its `openX` named by `entry`, is the contender. */
  readonly module: string
  readonly entry?: string
  /** On these; both when left out. */
  readonly engines?: readonly Engine[]
  /** The packages whose versions are printed. */
  readonly packages: readonly string[]
}

const peers = '../../peers'
const postgresOnly = ['postgres'] as const

export const contenders = {
  raw: { kind: 'floor', module: './raw.ts', entry: 'openPrepared', packages: ['better-sqlite3', 'pg'] },
  covet: { kind: 'covet', module: './covet.ts', packages: ['@covet/orm'] },
  'raw unprepared': { kind: 'driver', module: './raw.ts', entry: 'openUnprepared', packages: ['better-sqlite3', 'pg'] },
  kysely: { kind: 'builder', module: './kysely.ts', entry: 'openPlain', packages: ['kysely'] },
  'kysely + statements': { kind: 'reference', module: './kysely.ts', entry: 'openWithStatements', packages: ['kysely'] },
  'kysely precompiled': { kind: 'reference', module: './kysely.ts', entry: 'openPrecompiled', packages: ['kysely'] },
  'postgres.js': { kind: 'reference', module: `${peers}/contenders/postgres-js.ts`, engines: postgresOnly, packages: ['postgres'] },
  drizzle: { kind: 'builder', module: `${peers}/contenders/drizzle.ts`, entry: 'openPlain', packages: ['drizzle-orm'] },
  'drizzle prepared': { kind: 'reference', module: `${peers}/contenders/drizzle.ts`, entry: 'openPrepared', packages: ['drizzle-orm'] },
  prisma: { kind: 'orm', module: `${peers}/contenders/prisma.ts`, packages: ['prisma', '@prisma/client'] },
  typeorm: { kind: 'orm', module: `${peers}/contenders/typeorm.ts`, packages: ['typeorm'] },
  'mikro-orm': { kind: 'orm', module: `${peers}/contenders/mikro-orm.ts`, packages: ['@mikro-orm/core'] },
  objection: { kind: 'orm', module: `${peers}/contenders/objection.ts`, packages: ['objection', 'knex'] },
  sequelize: { kind: 'orm', module: `${peers}/contenders/sequelize.ts`, engines: postgresOnly, packages: ['sequelize'] },
  sqlalchemy: { kind: 'orm', module: `${peers}/python/sqlalchemy_orm.py`, packages: ['SQLAlchemy', 'psycopg'] },
  django: { kind: 'orm', module: `${peers}/python/django_orm.py`, packages: ['Django', 'psycopg'] },
  // A control: the floor in a second process. What it differs by from the first is the measurement's own error.
  'raw again': { kind: 'reference', module: './raw.ts', entry: 'openPrepared', packages: [] },
} as const satisfies Readonly<Record<string, Contender>>

export type ContenderName = keyof typeof contenders
export const contenderNames = Object.keys(contenders) as ContenderName[]
/** Everybody but the control. */
export const usualContenders: readonly ContenderName[] = contenderNames.filter((name) => contenders[name].packages.length > 0)
/** The one all others are compared with. */
export const floor: ContenderName = 'raw'

export function isContenderName(name: string): name is ContenderName {
  return Object.hasOwn(contenders, name)
}

export function runsOn(name: ContenderName, engine: Engine): boolean {
  const { engines }: Contender = contenders[name]
  return engines === undefined || engines.includes(engine)
}

/** Why the contender cannot run here; undefined when it can. */
export function whyNot(name: ContenderName): string | undefined {
  const { module }: Contender = contenders[name]
  const isThere = module.endsWith('.py') ? existsSync(python) : !module.startsWith(peers) || existsSync(here(`${peers}/node_modules`))
  return isThere ? undefined : 'not installed: run the setup (pnpm --filter @covet-benchmarks/orm run setup)'
}

/** The program that is the contender's process, but for its last arguments. */
export function programOf(name: ContenderName): readonly string[] {
  const { module }: Contender = contenders[name]
  if (module.endsWith('.py')) return [python, here(module)]
  return [process.execPath, '--expose-gc', '--disable-warning=ExperimentalWarning', here('../contender-process.ts')]
}

export async function nodeContender(name: ContenderName): Promise<Open> {
  const { module, entry = 'open' }: Contender = contenders[name]
  const loaded = (await import(here(module))) as Readonly<Record<string, Open>>
  const open = loaded[entry]
  if (!open) throw new Error(`${module} has no ${entry}.`)
  return open
}

export const python: string = here(`${peers}/.venv/bin/python`)

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
