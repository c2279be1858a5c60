import type { Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { checkValue } from '../codecs/check.ts'
import { placed } from '../detect/detector.ts'
import { InvalidQueryError } from '../errors.ts'
import { accessOf } from '../hydrate/access.ts'
import { valuesOf } from '../loading/keys.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { isModel, metaOf } from '../meta/registry.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import { Chain } from '../query/chain.ts'
import { keyMembers } from '../query/key.ts'
import { keysNode, type KeyValues } from '../query/key-nodes.ts'
import { ownerLockOp } from '../query/lock.ts'
import { whereNode } from '../query/ops.ts'
import { Query } from '../query/query.ts'
import type { LockOptions } from '../sql/dialect.ts'

/** Times a transaction of a relation is tried again after a deadlock. */
const retries = 5

type OwnerLock = LockOptions['mode']

/** One relation of one row. */
export class Link {
  readonly owner: object
  readonly relation: RelationMeta
  readonly database: Database

  constructor(owner: object, relation: RelationMeta) {
    this.owner = owner
    this.relation = relation
    this.database = accessOf(relation.owner).setOf(owner)?.database ?? databaseOf(relation.owner)
  }

  /** The owner's side of the key, as it is now. */
  get values(): KeyValues {
    return valuesOf(this.owner, this.relation.local)
  }

  /** The owner's side of the key. @throws {InvalidQueryError} while the owner has none */
  get key(): KeyValues {
    assertStored(this)
    return this.values
  }

  /** A query of the target, of everything. */
  get targets(): Query {
    return new Query(placed(Chain.of(this.relation.target).with({ database: this.database })))
  }

  /** The target's rows with these keys. */
  targetsAt(keys: readonly KeyValues[]): Query {
    const { targets, relation } = this
    return new Query(targets.chain.add(whereNode(keysNode(relation.target, keys))))
  }

  /** Runs `work` in a transaction with the owner's row locked: what others do to the relation waits, as far as `lock` says. */
  locked<T>(lock: OwnerLock, work: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      assertStored(this)
      await this.#lock(lock)
      return work()
    }
    return this.database.transaction(run, this.database.inTransaction ? {} : { retry: retries })
  }

  /** What was loaded before is not true any more. */
  forget(): void {
    Reflect.deleteProperty(this.owner, this.relation.name)
  }

  /** A writing transaction of SQLite has the whole database to itself. */
  async #lock(lock: OwnerLock): Promise<void> {
    if (this.database.dialect === 'sqlite') return
    const meta = this.relation.owner
    const key = valuesOf(this.owner, meta.primaryKey)
    const chain = Chain.of(meta)
      .with({ database: this.database, locks: true })
      .add(whereNode(keysNode(meta, [key])))
      .add(ownerLockOp(lock))
    await new Query(chain).unscoped().select(...meta.primaryKey.map(({ property }) => property))
  }
}

function assertStored({ values, relation }: Link): void {
  if (values.every((value) => value !== null && value !== undefined)) return
  throw new InvalidQueryError(`This ${relation.owner.name} has no key to relate to by '${relation.name}'. Save it first.`)
}

/** The keys of rows given as instances or as keys. @throws {InvalidValueError} {@link UndefinedValueError} */
export function keysOf(meta: ModelMeta, given: readonly unknown[]): readonly KeyValues[] {
  return given.map((each) => keyOf(meta, each))
}

export function isInstanceOf(meta: ModelMeta, given: unknown): given is object {
  return (
    typeof given === 'object' && given !== null && isModel(given.constructor) && metaOf(given.constructor).declaration === meta.declaration
  )
}

function keyOf(meta: ModelMeta, given: unknown): KeyValues {
  const where = `The key of ${meta.name}`
  const members = isInstanceOf(meta, given) ? (given as Readonly<Record<string, unknown>>) : keyMembers(meta, given)
  return meta.primaryKey.map(({ property, field }) => checkValue(members[property], field, where))
}
