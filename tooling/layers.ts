export interface LayerFacts {
  readonly name: string
  /** What lives there, for the drawing and the package table. */
  readonly holds: string
}

/** The layers, first to last: a package may use its own layer and those before it. Every check and drawing reads this table. */
export const layers: readonly LayerFacts[] = [
  { name: 'native', holds: 'Rust-backed twins of hot JavaScript' },
  { name: 'foundation', holds: 'the kernel, configuration, resilience, testing' },
  { name: 'data', holds: 'databases, models, caches, stores, events' },
  { name: 'http', holds: 'what surrounds a request' },
  { name: 'work', holds: 'jobs, schedules, webhooks' },
  { name: 'view', holds: 'templates, assets, forms, mail' },
  { name: 'identity', holds: 'who is asking, and what they may do' },
  { name: 'api', holds: 'REST, OpenAPI, GraphQL, WebSocket' },
  { name: 'operate', holds: 'metrics, tracing, dashboard, admin' },
  { name: 'kit', holds: 'the batteries, the command line, the scaffolder' },
]

export const layerNames: readonly string[] = layers.map((layer) => layer.name)

/** Whether a package of layer `from` may depend on one of layer `to`. */
export function mayUse(from: string, to: string): boolean {
  return layerNames.indexOf(to) <= layerNames.indexOf(from)
}
