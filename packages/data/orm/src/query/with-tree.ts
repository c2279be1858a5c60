/** A relation to load with the rows, and what to load with its rows. */
export interface WithNode {
  readonly name: string
  /** Where the query of the related rows stands among the values; the target's own rows without one. */
  slot?: number
  readonly children: WithTree
}

/** By relation. */
export type WithTree = Map<string, WithNode>

/** Adds a path such as `posts.comments.author`; what several paths have in common is loaded once. */
export function addPath(tree: WithTree, path: string): WithNode {
  const [first = '', ...rest] = path.split('.')
  let node = childOf(tree, first)
  for (const name of rest) node = childOf(node.children, name)
  return node
}

function childOf(tree: WithTree, name: string): WithNode {
  const known = tree.get(name)
  if (known) return known
  const node: WithNode = { name, children: new Map() }
  tree.set(name, node)
  return node
}
