import type { Manifest } from '../checks/workspace.ts'
import { changeset, readme } from './documents.ts'
import { manifestOf } from './manifest.ts'
import { spell } from './names.ts'
import { sourceFiles, testFiles } from './sources.ts'

export interface NewPackage {
  readonly layer: string
  readonly name: string
  readonly description?: string | undefined
}

/** Every file of a new package, by path from the root of the repository. */
export function filesOf({ layer, name, description }: NewPackage, root: Manifest): Record<string, string> {
  const spellings = spell(name)
  const says = description ?? `${spellings.title} for Covet and Fastify`
  const inside = {
    'package.json': json(manifestOf({ layer, name, description: says, root })),
    'tsconfig.json': json({ extends: '../../../tooling/tsconfig/library.json', references: [] }),
    'README.md': readme(spellings, says),
    ...sourceFiles(spellings),
    ...testFiles(spellings),
  }
  const files = Object.entries(inside).map(([file, text]) => [`packages/${layer}/${name}/${file}`, text] as const)
  return { ...Object.fromEntries(files), [`.changeset/add-${name}.md`]: changeset(spellings) }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
