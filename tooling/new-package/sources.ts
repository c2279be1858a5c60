import type { Spellings } from './names.ts'

type Files = Readonly<Record<string, string>>

/** The rooms of a plugin package, small and running: the concept, its options, errors, token and plugin. */
export function sourceFiles(spellings: Spellings): Files {
  const { kebab } = spellings
  return {
    'src/index.ts': indexFile(spellings),
    'src/plugin.ts': pluginFile(spellings),
    'src/options.ts': optionsFile(spellings),
    'src/errors.ts': errorsFile(spellings),
    'src/token.ts': tokenFile(spellings),
    [`src/${kebab}.ts`]: conceptFile(spellings),
  }
}

const indexFile = ({ kebab, camel, pascal }: Spellings): string => `export { ${camel} } from './plugin.ts'
export { ${pascal}Token } from './token.ts'
export { create${pascal} } from './${kebab}.ts'
export type { ${pascal} } from './${kebab}.ts'
export type { ${pascal}Options } from './options.ts'
export * as errors from './errors.ts'
`

const pluginFile = ({ kebab, camel, pascal }: Spellings): string => `import { plugin, type Plugin } from '@covet/core'
import { create${pascal} } from './${kebab}.ts'
import { resolve${pascal}Options, type ${pascal}Options } from './options.ts'
import { ${pascal}Token } from './token.ts'

/** Provides \`${camel}\`. */
export const ${camel} = (options: ${pascal}Options = {}): Plugin<never, '${camel}'> => {
  const resolved = resolve${pascal}Options(options)
  return plugin({
    name: '@covet/${kebab}',
    provides: { ${camel}: ${pascal}Token },
    setup: () => ({ ${camel}: create${pascal}(resolved) }),
  })
}
`

const optionsFile = ({ kebab, pascal }: Spellings): string => `import { EmptyLabelError } from './errors.ts'

export interface ${pascal}Options {
  /** What it calls itself. @default '${kebab}' */
  label?: string
}

/** Fills in the defaults. Throws EmptyLabelError for a label of white space. */
export function resolve${pascal}Options({ label = '${kebab}' }: ${pascal}Options = {}): Required<${pascal}Options> {
  if (label.trim() === '') throw new EmptyLabelError()
  return { label }
}
`

const errorsFile = ({ kebab }: Spellings): string => `import { CovetError } from '@covet/core'

/** The label is empty. */
export class EmptyLabelError extends CovetError {
  constructor() {
    super('${kebab}/empty-label', 'The label is empty. Pass a word, or leave \`label\` out for the default.')
  }
}
`

const tokenFile = ({ kebab, camel, pascal }: Spellings): string => `import { token, type Token } from '@covet/core'
import type { ${pascal} } from './${kebab}.ts'

export const ${pascal}Token: Token<'${camel}', ${pascal}> = token('${camel}')
`

const conceptFile = ({ pascal }: Spellings): string => `import type { ${pascal}Options } from './options.ts'

export interface ${pascal} {
  /** The label it was given. */
  readonly label: string
}

export function create${pascal}({ label }: Required<${pascal}Options>): ${pascal} {
  return { label }
}
`

/** A behaviour test, and the file that shows the plugin works in plain Fastify. */
export function testFiles(spellings: Spellings): Files {
  return { [`test/${spellings.kebab}.test.ts`]: behaviourTest(spellings), 'test/plain-fastify.ts': plainFastify(spellings) }
}

const behaviourTest = ({ kebab, camel, pascal }: Spellings): string => `import { createApp, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import { ${camel}, ${pascal}Token, errors } from '../src/index.ts'

describe('${camel}', () => {
  it('answers with its label, as the README shows', async () => {
    const routes: Plugin<'${camel}'> = plugin({
      name: 'routes',
      needs: { ${camel}: ${pascal}Token },
      setup(app, services) {
        app.get('/', () => ({ label: services.${camel}.label }))
      },
    })
    const app = await createApp({ plugins: [${camel}({ label: 'first' }), routes], logger: false })
    const response = await app.inject('/')
    expect(response.json()).toEqual({ label: 'first' })
    await app.close()
  })

  it('calls itself ${kebab} when nothing else was asked', async () => {
    const app = await createApp({ plugins: [${camel}()], logger: false })
    expect(app.services.get(${pascal}Token).label).toBe('${kebab}')
    await app.close()
  })

  it('refuses a label of white space', () => {
    expect(() => ${camel}({ label: ' ' })).toThrow(errors.EmptyLabelError)
  })
})
`

const plainFastify = ({ kebab, camel, pascal }: Spellings): string => `import assert from 'node:assert/strict'
import { ${camel}, ${pascal}Token } from '@covet/${kebab}'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(${camel}())
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.equal(app.services.get(${pascal}Token).label, '${kebab}')
}
`
