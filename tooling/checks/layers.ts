import { join } from 'node:path'
import { layerNames, layers, mayUse } from '../layers.ts'
import { report, wantsWrite, type Finding, type Outcome } from './report.ts'
import { checkSection } from './section.ts'
import { dependencySections, readPackages, workspaceRoot, type Package } from './workspace.ts'

/** Every manifest, devDependencies included, against the layer table; no cycles; the drawing in ARCHITECTURE.md is current. */
export function checkLayers(root: string, write = false): Outcome {
  const packages = readPackages(root)
  const drawing = drawLayers(packages)
  return {
    findings: [
      ...packages.flatMap(unknownLayer),
      ...packages.flatMap((pkg) => crossings(pkg, packages)),
      ...cycles(packages),
      ...checkSection(
        { file: join(root, 'ARCHITECTURE.md'), where: 'ARCHITECTURE.md', name: 'layers', body: drawing, fix: 'pnpm layers --write' },
        write,
      ),
    ],
    notes: [drawing],
  }
}

/** The layer table with the packages that exist, as a Mermaid flowchart: an arrow reads "may use it and everything below". */
export function drawLayers(packages: readonly Package[]): string {
  const boxes = layers.map(({ name, holds }) => {
    const members = packages.filter((pkg) => pkg.layer === name).map((pkg) => pkg.folder)
    return `  ${name}["<b>${name}</b><br/>${holds}${members.length > 0 ? `<br/><i>${members.join(', ')}</i>` : ''}"]`
  })
  return ['```mermaid', 'flowchart TB', ...boxes.toReversed(), `  ${layerNames.toReversed().join(' --> ')}`, '```'].join('\n')
}

function unknownLayer(pkg: Package): Finding[] {
  if (layerNames.includes(pkg.layer)) return []
  return [{ where: pkg.path, what: `"${pkg.layer}" is no layer; the table in tooling/layers.ts has ${layerNames.join(', ')}` }]
}

function crossings(pkg: Package, packages: readonly Package[]): Finding[] {
  return edgesOf(pkg, packages)
    .filter(({ to }) => !mayUse(pkg.layer, to.layer))
    .map(({ section, to }) => ({
      where: `${pkg.path}/package.json`,
      what: `${section} names ${to.name} of layer ${to.layer}; ${pkg.layer} may use ${layerNames.slice(0, layerNames.indexOf(pkg.layer) + 1).join(', ')}`,
    }))
}

interface Edge {
  readonly section: string
  readonly to: Package
}

function edgesOf(pkg: Package, packages: readonly Package[]): Edge[] {
  return dependencySections.flatMap((section) =>
    packages.filter((to) => pkg.manifest[section]?.[to.name] !== undefined).map((to) => ({ section, to })),
  )
}

function cycles(packages: readonly Package[]): Finding[] {
  const done = new Set<Package>()
  const found: Finding[] = []
  function visit(pkg: Package, path: readonly Package[]): void {
    const start = path.indexOf(pkg)
    if (start !== -1) {
      const names = [...path.slice(start), pkg].map(({ name }) => name)
      found.push({ where: `${pkg.path}/package.json`, what: `is in a cycle: ${names.join(' → ')}` })
      return
    }
    if (done.has(pkg)) return
    for (const to of new Set(edgesOf(pkg, packages).map((edge) => edge.to))) visit(to, [...path, pkg])
    done.add(pkg)
  }
  for (const pkg of packages) visit(pkg, [])
  return found
}

if (import.meta.main) report('layers point down', checkLayers(workspaceRoot, wantsWrite()))
