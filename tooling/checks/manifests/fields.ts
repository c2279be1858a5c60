import type { Finding } from '../report.ts'
import type { Manifest, Package } from '../workspace.ts'

/** Scripts npm runs on a user's machine or before a pack; a published package has none (SUP-01). */
export const installScripts: readonly string[] = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepack',
  'postpack',
  'prepublish',
]

/** Unscoped names of the house: the batteries and the scaffolder. */
const unscoped = ['covet', 'create-covet']

type Rule = (manifest: Manifest, pkg: Package, root: Manifest) => string | false

const rules: readonly Rule[] = [
  ({ name }, { folder }) => name !== `@covet/${folder}` && !unscoped.includes(name) && `name must be "@covet/${folder}", the folder's name`,
  ({ description }) => !description?.trim() && 'has no description',
  ({ keywords }) => !keywords?.includes('covet') && 'keywords must include "covet"',
  ({ license }) => license !== 'MIT' && 'license must be "MIT"',
  ({ type }) => type !== 'module' && 'type must be "module"',
  ({ private: isPrivate }) => isPrivate === true && 'is private; private code belongs in apps, benchmarks or tooling',
  ({ sideEffects }) => sideEffects !== false && 'sideEffects must be false',
  ({ repository }, { path }) => repository?.directory !== path && `repository.directory must be "${path}"`,
  ({ engines }, _, root) => engines?.node !== root.engines?.node && `engines.node must be "${root.engines?.node}", as at the root`,
  ({ publishConfig }) => publishConfig?.access !== 'public' && 'publishConfig.access must be "public"',
  ({ publishConfig }) => publishConfig?.provenance !== true && 'publishConfig.provenance must be true',
  ({ files }) => !sameSet(files, ['dist', 'src', '!dist/.tsbuildinfo']) && 'files must be ["dist", "src", "!dist/.tsbuildinfo"]',
  ({ scripts }) => scripts?.['build'] !== 'tsc -b' && 'scripts.build must be "tsc -b"',
  ({ scripts }) => {
    const found = installScripts.filter((script) => scripts?.[script] !== undefined)
    return found.length > 0 && `has the install script ${found.join(', ')}; a published package runs nothing on install (SUP-01)`
  },
]

function sameSet(left: readonly string[] = [], right: readonly string[]): boolean {
  // A package may publish more (views, assets); it may not publish less, nor its tests.
  return right.every((entry) => left.includes(entry)) && !left.some((entry) => entry.startsWith('test'))
}

/** The fields every published manifest has. */
export function checkFields(pkg: Package, root: Manifest): Finding[] {
  return rules
    .map((rule) => rule(pkg.manifest, pkg, root))
    .filter((what) => what !== false)
    .map((what) => ({ where: `${pkg.path}/package.json`, what }))
}
