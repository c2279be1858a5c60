import type { Database } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import { metaOf } from '../meta/registry.ts'
import type { Update } from '../types/row.ts'
import type { Constructor, RelationKey, ShapeOf } from '../types/shape.ts'
import { createInstance } from '../write/create.ts'
import { foreignKeyTo, parted } from './references.ts'

/** Values of a row. A relation with its foreign key here is the name of another fixture. */
export type FixtureValues<T> = Update<ShapeOf<T>> & { readonly [K in RelationKey<ShapeOf<T>>]?: string }

/** A row: its model and its values. */
export type Fixture<T> = readonly [model: Constructor<T>, values: FixtureValues<T>]

/** The instances by the names of their fixtures. */
export type Loaded<F> = { readonly [Name in keyof F]: F[Name] extends readonly [Constructor<infer T>, unknown] ? T : never }

interface Plan {
  readonly fixtures: Readonly<Record<string, Fixture<unknown>>>
  readonly made: Map<string, object>
  /** Those on the way to the one being made. */
  readonly open: Set<string>
  readonly database: Database
}

/**
 * Stores named rows, all or none, each after those it refers to. Keys may be given; the engine counts on behind them.
 * @example const { ann, post } = await loadFixtures(db, { ann: [User, { email: 'a@b.c' }], post: [Post, { title: 'x', author: 'ann' }] })
 * @throws {InvalidQueryError} for a name that is not there, and for rows that refer to each other in a circle
 */
export async function loadFixtures<const F extends Readonly<Record<string, readonly [Constructor<unknown>, object]>>>(
  database: Database,
  fixtures: F,
): Promise<Loaded<F>> {
  const plan: Plan = { fixtures: fixtures as unknown as Plan['fixtures'], made: new Map(), open: new Set(), database }
  await database.transaction(async () => {
    for (const name of Object.keys(fixtures)) await make(name, plan)
  })
  return Object.fromEntries(plan.made) as Loaded<F>
}

async function make(name: string, plan: Plan): Promise<object> {
  const known = plan.made.get(name)
  if (known) return known
  const [model, values] = plan.fixtures[name] ?? missing(name, plan)
  if (plan.open.has(name))
    throw new InvalidQueryError(
      `Fixtures refer to each other in a circle: ${[...plan.open, name].join(' → ')}. Store one of them first, and set its reference afterwards.`,
    )
  plan.open.add(name)
  const meta = metaOf(model)
  const { columns, references } = parted(meta, values as Readonly<Record<string, unknown>>)
  for (const { relation, to } of references) Object.assign(columns, foreignKeyTo(relation, await make(String(to), plan)))
  const instance = await createInstance(meta, columns, plan.database)
  plan.open.delete(name)
  plan.made.set(name, instance)
  return instance
}

function missing(name: string, { fixtures }: Plan): never {
  throw new InvalidQueryError(`There is no fixture '${name}'. There are ${Object.keys(fixtures).join(', ')}.`)
}
