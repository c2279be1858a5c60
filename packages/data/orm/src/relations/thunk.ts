import type { ReferentialAction, RelationDefinition, RelationKind, Thunk } from './definition.ts'
import { InvalidRelationError } from './errors.ts'

/**
 * The upper bound of a relation's `() => Target`. It must not be callable: a parameter type with a call signature makes the
 * compiler read the arrow's body while the class around it is still being declared, and circular models end in an error.
 */
export type Target = Function

/** The class is not asked for yet: with circular imports it may not exist. @throws {InvalidRelationError} */
export function thunkOf(call: string, target: Target): Thunk {
  if (typeof target !== 'function')
    throw new InvalidRelationError(call, `takes a function that gives the model, ${call}(() => Post), not ${kindOf(target)}.`)
  if (isClass(target)) throw new InvalidRelationError(call, `takes a function that gives the model: write ${call}(() => ${target.name}).`)
  return target as unknown as Thunk
}

/** The definition without what was left out. */
export function definitionOf(
  kind: RelationKind,
  facts: { readonly [Fact in keyof RelationDefinition]?: RelationDefinition[Fact] | undefined },
): RelationDefinition {
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
  return Object.freeze({ nullable: false, ...given, kind })
}

const actions: ReadonlySet<unknown> = new Set<ReferentialAction>(['cascade', 'restrict', 'setNull', 'noAction'])

/** @throws {InvalidRelationError} */
export function assertActions(call: string, { onDelete, onUpdate }: ActionOptions): void {
  for (const [option, action] of Object.entries({ onDelete, onUpdate })) {
    if (action === undefined || actions.has(action)) continue
    throw new InvalidRelationError(call, `\`${option}\` is '${String(action)}', but must be one of ${[...actions].join(', ')}.`)
  }
}

/** @throws {InvalidRelationError} */
export function assertName(call: string, option: string, name: unknown): void {
  if (name === undefined || (typeof name === 'string' && name.trim() !== '')) return
  throw new InvalidRelationError(call, `\`${option}\` must be a name, not ${typeof name === 'string' ? 'an empty one' : kindOf(name)}.`)
}

export interface ActionOptions {
  /** What becomes of this row when the one it refers to is deleted. @default 'noAction' */
  readonly onDelete?: ReferentialAction
  /** What becomes of this row when the key it refers to changes. @default 'noAction' */
  readonly onUpdate?: ReferentialAction
}

function isClass(target: Target): boolean {
  return Object.getOwnPropertyDescriptor(target, 'prototype')?.writable === false
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : `a value of type ${typeof value}`
}
