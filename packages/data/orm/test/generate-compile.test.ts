import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { adaptCatalog, type Catalog } from '@covet/db/catalog'
import { chinook, market } from '@covet/db/testing'
import { describe, expect, it } from '@jest/globals'
import { generateModels } from '../src/generate/generate-models.ts'
import { clean, compile } from './support/compiler.ts'
import { uses } from './generate/uses.ts'

/** The models of a sample on each engine with the program that uses them, below a folder. */
async function write(folder: string, name: string, catalog: Catalog): Promise<readonly string[]> {
  return Promise.all(
    ['sqlite', 'postgres', 'mysql'].map(async (dialect) => {
      const models = path.join(folder, name, dialect, 'models')
      await mkdir(models, { recursive: true })
      const files = generateModels(adaptCatalog(catalog, dialect), { dialect })
      await Promise.all(files.map(({ path: file, text }) => writeFile(path.join(models, file), text)))
      await writeFile(path.join(models, '../use.ts'), uses[name] ?? '')
      return `${name}/${dialect}/use.ts`
    }),
  )
}

describe('generated models', () => {
  it('compile for both sample databases on every engine, and give their queries types', async () => {
    const parent = path.join(import.meta.dirname, '../.covet')
    await mkdir(parent, { recursive: true })
    const folder = await mkdtemp(path.join(parent, 'generated-'))
    try {
      const files = [...(await write(folder, 'market', market)), ...(await write(folder, 'chinook', chinook))]
      expect(await compile(folder, files)).toEqual(clean)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
