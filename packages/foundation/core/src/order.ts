import { DuplicatePluginError, DuplicateServiceError, MissingServiceError, PluginCycleError, StageContradictionError } from './errors.ts'
import type { AnyPlugin, PluginFacts } from './plugin.ts'
import { stages } from './stage.ts'

type Providers = ReadonlyMap<symbol, AnyPlugin>

/**
 * Sorts plugins so that each comes after what it needs, and those with a stage run in the order of concerns. Otherwise
 * the given order is kept.
 * @param available keys of services that are there without a plugin (overrides)
 * @throws {MissingServiceError | DuplicateServiceError | DuplicatePluginError | PluginCycleError | StageContradictionError}
 */
export function orderPlugins(plugins: readonly AnyPlugin[], available: ReadonlySet<symbol> = new Set()): AnyPlugin[] {
  refuseDuplicates(plugins)
  const providers = indexProviders(plugins)
  for (const plugin of plugins) refuseMissing(plugin.definition, providers, available)
  const ordered = sortByNeed(byStage(plugins), providers)
  refuseContradictions(ordered, providers)
  return ordered
}

function refuseDuplicates(plugins: readonly AnyPlugin[]): void {
  const seen = new Set<string>()
  for (const { definition } of plugins) {
    if (seen.has(definition.name) && !definition.multiple) throw new DuplicatePluginError(definition.name)
    seen.add(definition.name)
  }
}

function indexProviders(plugins: readonly AnyPlugin[]): Providers {
  const providers = new Map<symbol, AnyPlugin>()
  for (const plugin of plugins) {
    for (const token of plugin.definition.provides) {
      const other = providers.get(token.key)
      if (other) throw new DuplicateServiceError(token.name, [other.definition.name, plugin.definition.name])
      providers.set(token.key, plugin)
    }
  }
  return providers
}

function refuseMissing(definition: PluginFacts, providers: Providers, available: ReadonlySet<symbol>): void {
  for (const token of definition.needs) {
    if (!providers.has(token.key) && !available.has(token.key)) throw new MissingServiceError(token.name, definition.name)
  }
}

/** Staged plugins first, in the order of concerns; each pulls in what it needs, and the rest follow. */
function byStage(plugins: readonly AnyPlugin[]): AnyPlugin[] {
  return plugins.toSorted((a, b) => rank(a.definition) - rank(b.definition))
}

function rank({ stage }: PluginFacts): number {
  return stage ? stages.indexOf(stage) : stages.length
}

function sortByNeed(plugins: readonly AnyPlugin[], providers: Providers): AnyPlugin[] {
  const ordered = new Set<AnyPlugin>()
  const path: AnyPlugin[] = []
  const visit = (plugin: AnyPlugin): void => {
    if (ordered.has(plugin)) return
    if (path.includes(plugin))
      throw new PluginCycleError([...path.slice(path.indexOf(plugin)), plugin].map(({ definition }) => definition.name))
    path.push(plugin)
    for (const dependency of dependenciesOf(plugin, providers)) visit(dependency)
    path.pop()
    ordered.add(plugin)
  }
  for (const plugin of plugins) visit(plugin)
  return [...ordered]
}

function dependenciesOf({ definition }: AnyPlugin, providers: Providers): AnyPlugin[] {
  return [...definition.needs, ...definition.optional].flatMap((token) => providers.get(token.key) ?? [])
}

/** The latest stage that a plugin's needs pull in, directly or through others, must not come after its own. */
function refuseContradictions(ordered: readonly AnyPlugin[], providers: Providers): void {
  const latest = new Map<AnyPlugin, AnyPlugin | undefined>()
  for (const plugin of ordered) {
    let last: AnyPlugin | undefined
    for (const dependency of dependenciesOf(plugin, providers)) {
      for (const candidate of [dependency, latest.get(dependency)]) {
        if (candidate?.definition.stage && (!last || rank(candidate.definition) > rank(last.definition))) last = candidate
      }
    }
    const { name, stage } = plugin.definition
    if (stage && last?.definition.stage && rank(last.definition) > rank(plugin.definition)) {
      throw new StageContradictionError(name, stage, last.definition.name, last.definition.stage)
    }
    latest.set(plugin, last)
  }
}
