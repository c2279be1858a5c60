import type { Database } from '@covet/db'
import type { HookName } from '../types/hooks.ts'
import type { Hooks } from './hooks.ts'

/** What happens to an instance, and which hooks are around it, outermost first. */
const around = {
  create: ['Save', 'Create'],
  update: ['Save', 'Update'],
  delete: ['Delete'],
} as const

export type Event = keyof typeof around

/**
 * Runs a write with its hooks: in one transaction, so that a hook that fails leaves nothing behind.
 * @param write gives false when there was nothing to do; the hooks after it are not called then
 */
export async function withHooks(
  hooks: Hooks,
  event: Event,
  instance: object,
  database: Database,
  write: () => Promise<boolean>,
): Promise<void> {
  const inside = async (): Promise<void> => {
    for (const what of around[event]) await call(hooks, `before${what}`, instance)
    if (!(await write())) return
    for (const what of around[event].toReversed()) await call(hooks, `after${what}`, instance)
    const committed = hooks.get('afterCommit')
    if (committed) for (const work of committed) database.afterCommit(() => work(instance))
  }
  const isCommitOnly = hooks.size === 1 && hooks.has('afterCommit')
  await (isCommitOnly ? inside() : database.transaction(inside))
}

/** Errors that left a hook. */
const thrown = new WeakSet<object>()

/** Whether a hook threw it, and not the write that the hook is around. */
export function isOfHook(error: object): boolean {
  return thrown.has(error)
}

async function call(hooks: Hooks, name: HookName, instance: object): Promise<void> {
  try {
    for (const work of hooks.get(name) ?? []) await work(instance)
  } catch (error) {
    if (error instanceof Error) thrown.add(error)
    throw error
  }
}
