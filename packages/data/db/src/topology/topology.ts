import { DatabaseClosedError } from '../errors.ts'
import type { Driver, NodeRole } from '../driver.ts'
import type { ResolvedConnectionOptions } from '../options.ts'
import type { Runtime } from '../runtime.ts'
import type { DatabaseNode } from './node.ts'
import { Probe } from './probe.ts'

export interface TopologyParts {
  readonly nodes: readonly [DatabaseNode, ...DatabaseNode[]]
  readonly driver: Driver
  readonly health: ResolvedConnectionOptions['health']
  readonly runtime: Runtime
  /** A node's role or state is another than before. */
  readonly changed: (node: DatabaseNode) => void
  /** More than one node says that it is the primary. */
  readonly conflict: (nodes: readonly DatabaseNode[]) => void
  /** Only these say that they are the primary, and what they hold may be outdated. */
  readonly outdated: (nodes: readonly DatabaseNode[]) => void
}

export interface ReplicaChoice {
  /** Better than others, where there are some. */
  readonly prefer?: ReadonlySet<DatabaseNode> | undefined
  readonly avoid?: DatabaseNode | undefined
}

/** The nodes of a database in the roles they were seen in (R1). The primary stays what it was until another is seen. */
export class Topology {
  readonly nodes: readonly [DatabaseNode, ...DatabaseNode[]]
  readonly several: boolean
  readonly #parts: TopologyParts
  readonly #probes: ReadonlyMap<DatabaseNode, Probe>
  readonly #asking = new Map<DatabaseNode, Promise<void>>()
  /** Which nodes were the primary, or were seen to follow another since. */
  readonly #past: Map<DatabaseNode, NodeRole>
  /** What these hold may be outdated: they are not written to before they, or the primary itself, were seen to follow. */
  readonly #outdated = new Set<DatabaseNode>()
  #primary: DatabaseNode
  #round: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: TopologyParts) {
    this.#parts = parts
    this.nodes = parts.nodes
    this.several = parts.nodes.length > 1
    this.#primary = parts.nodes[0]
    this.#past = new Map([[this.#primary, 'primary']])
    this.#probes = new Map(parts.nodes.map((node) => [node, new Probe(node, parts.driver)]))
  }

  get primary(): DatabaseNode {
    return this.#primary
  }

  /** A replica that may be read from, by chance and weight. */
  replica({ prefer, avoid }: ReplicaChoice = {}): DatabaseNode | undefined {
    const usable = this.nodes.filter(
      (node) => node !== this.#primary && node !== avoid && node.role === 'replica' && node.state === 'up' && node.mayAnswer,
    )
    const preferred = prefer ? usable.filter((node) => prefer.has(node)) : []
    return this.#byWeight(preferred.length > 0 ? preferred : usable)
  }

  /** Begins to watch the nodes, where there is something to find out. */
  watch(): void {
    if (!this.several || this.#timer || this.#closed) return
    this.#timer = setInterval(() => void this.rediscover(), this.#parts.health.every).unref()
  }

  /** The node refused to write. Whom it follows, if anybody, is for a check to tell. */
  demoted(node: DatabaseNode): void {
    this.#note(node, { role: 'replica' })
  }

  /** Asks every node, or waits for those who are asking, and settles who is the primary. Never rejects. */
  rediscover(): Promise<void> {
    this.#round ??= this.#discover().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  /** Asks one node, or waits for those who are asking it; `health.timeout` bounds both. Its state tells the outcome. */
  async check(node: DatabaseNode): Promise<void> {
    if (this.#closed) throw new DatabaseClosedError()
    const asking = this.#asking.get(node) ?? this.#ask(node).finally(() => this.#asking.delete(node))
    this.#asking.set(node, asking)
    await asking
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    for (const probe of this.#probes.values()) probe.close()
  }

  async #discover(): Promise<void> {
    await Promise.allSettled(this.nodes.map((node) => this.check(node)))
    if (this.#closed) return
    const claiming = this.nodes.filter((node) => node.role === 'primary' && node.state === 'up')
    if (claiming.length > 1) this.#parts.conflict(claiming)
    for (const node of claiming) if (this.#isStale(node, claiming)) this.#outdated.add(node)
    if (claiming.includes(this.#primary)) this.#past.set(this.#primary, 'primary')
    else if (claiming.length > 0) this.#elect(claiming)
  }

  #elect(claiming: readonly DatabaseNode[]): void {
    const elected = claiming.find((node) => !this.#outdated.has(node)) ?? this.#followed(claiming)
    if (elected === undefined) {
      this.#parts.outdated(claiming)
      return
    }
    for (const node of claiming) this.#outdated.add(node)
    this.#outdated.delete(elected)
    this.#primary = elected
    this.#past.set(elected, 'primary')
    this.#parts.changed(elected)
  }

  /** Whom the primary itself can only have followed since, which then has all that the primary had. */
  #followed(claiming: readonly DatabaseNode[]): DatabaseNode | undefined {
    const primary = this.#primary
    const isOnly = claiming.length === 1 && this.nodes.every((node) => node === primary || node.state !== 'down')
    return isOnly && this.#past.get(primary) === 'replica' ? claiming[0] : undefined
  }

  /**
   * Whether a claim is older than the primary's: of a node that claims beside it without having been seen to follow it, or
   * that was the primary before it and comes back as if it still were.
   */
  #isStale(node: DatabaseNode, claiming: readonly DatabaseNode[]): boolean {
    const primary = this.#primary
    const past = this.#past.get(node)
    if (node === primary || past === 'replica') return false
    return claiming.includes(primary) || past === 'primary'
  }

  async #ask(node: DatabaseNode): Promise<void> {
    const { health, runtime } = this.#parts
    const asked = runtime.now()
    try {
      const probe = this.#probes.get(node) as Probe
      const { role, lagMs } = await probe.ask(health.timeout)
      node.latencyMs = runtime.now() - asked
      node.error = undefined
      node.lagMs = lagMs
      // One that hears of nothing was put out of service, and follows nobody.
      if (role === 'replica' && lagMs !== Infinity) {
        this.#past.set(node, 'replica')
        this.#outdated.delete(node)
      }
      this.#note(node, { role, state: role === 'replica' && (lagMs ?? 0) > health.maxLag ? 'lagging' : 'up' })
    } catch (error) {
      node.error = error
      this.#note(node, { state: 'down' })
    }
  }

  #note(node: DatabaseNode, seen: Partial<Pick<DatabaseNode, 'role' | 'state'>>): void {
    const { role, state } = node
    Object.assign(node, seen)
    if (!this.#closed && (node.role !== role || node.state !== state)) this.#parts.changed(node)
  }

  #byWeight(nodes: readonly DatabaseNode[]): DatabaseNode | undefined {
    if (nodes.length < 2) return nodes[0]
    let left = this.#parts.runtime.random() * nodes.reduce((sum, node) => sum + node.config.weight, 0)
    return nodes.find((node) => (left -= node.config.weight) < 0) ?? nodes.at(-1)
  }
}
