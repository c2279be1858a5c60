import type { Manifest } from '../checks/workspace.ts'
import { testCommand } from '../launch/jest-command.ts'

export interface ManifestFacts {
  readonly layer: string
  readonly name: string
  readonly description: string
  /** The workspace's own manifest, for what every package shares. */
  readonly root: Manifest
}

/** The package.json of a plugin package that uses nothing but the kernel. */
export function manifestOf({ layer, name, description, root }: ManifestFacts): Manifest {
  const path = `packages/${layer}/${name}`
  return {
    name: `@covet/${name}`,
    version: '0.1.0',
    description,
    keywords: ['covet', 'fastify', name],
    license: 'MIT',
    repository: { type: 'git', url: 'git+https://github.com/covet-framework/covet.git', directory: path },
    files: ['dist', 'src', '!dist/.tsbuildinfo'],
    type: 'module',
    sideEffects: false,
    exports: { '.': './src/index.ts', './package.json': './package.json' },
    publishConfig: {
      access: 'public',
      provenance: true,
      exports: { '.': './dist/index.js', './package.json': './package.json' },
    },
    scripts: { build: 'tsc -b', test: testCommand(path) },
    peerDependencies: { '@covet/core': 'workspace:^', fastify: '^5.12.8' },
    devDependencies: { '@covet/core': 'workspace:^', '@jest/globals': 'catalog:', '@types/node': 'catalog:', fastify: 'catalog:' },
    engines: { node: root.engines?.node ?? '' },
  }
}
