import { InvalidQueryError } from '../errors.ts'
import type { HookName } from '../types/hooks.ts'

export type Work = (instance: object) => unknown

/** The hooks of a class, by name. */
export type Hooks = ReadonlyMap<HookName, readonly Work[]>

const names: ReadonlySet<unknown> = new Set<HookName>([
  'beforeSave',
  'afterSave',
  'beforeCreate',
  'afterCreate',
  'beforeUpdate',
  'afterUpdate',
  'beforeDelete',
  'afterDelete',
  'afterCommit',
])

const registered = new WeakMap<object, Map<HookName, Work[]>>()
let known = new WeakMap<object, Hooks | undefined>()

/** @returns a function that takes the hook off again */
export function addHook(model: { readonly name: string }, name: HookName, work: Work): () => void {
  if (!names.has(name))
    throw new InvalidQueryError(`${model.name}.on() knows no hook ${JSON.stringify(name)}. There are ${[...names].join(', ')}.`)
  const hooks = registered.get(model) ?? new Map<HookName, Work[]>()
  registered.set(model, hooks)
  const own = hooks.get(name) ?? []
  hooks.set(name, [...own, work])
  known = new WeakMap()
  return () => {
    const before = hooks.get(name) ?? []
    const position = before.indexOf(work)
    if (position >= 0) hooks.set(name, before.toSpliced(position, 1))
    known = new WeakMap()
  }
}

/** The hooks of a class and of those it extends, theirs first; undefined without any. */
export function hooksOf(model: object): Hooks | undefined {
  if (known.has(model)) return known.get(model)
  const hooks = collect(model)
  known.set(model, hooks)
  return hooks
}

function collect(model: object): Hooks | undefined {
  const all = new Map<HookName, readonly Work[]>()
  for (let step: unknown = model; typeof step === 'function'; step = Object.getPrototypeOf(step)) {
    for (const [name, works] of registered.get(step) ?? []) if (works.length > 0) all.set(name, [...works, ...(all.get(name) ?? [])])
  }
  return all.size === 0 ? undefined : all
}
