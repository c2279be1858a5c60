import { layers } from '../../layers.ts'
import type { Package } from '../workspace.ts'

/** The packages that exist, by layer, with the descriptions npm shows. */
export function packageTable(packages: readonly Package[]): string {
  const rows = layers.flatMap(({ name }) =>
    packages
      .filter((pkg) => pkg.layer === name)
      .map((pkg, index) => `| ${index === 0 ? `**${name}**` : ''} | [\`${pkg.name}\`](${pkg.path}) | ${pkg.manifest.description ?? ''} |`),
  )
  return ['| layer | package | what it does |', '|---|---|---|', ...rows].join('\n')
}
