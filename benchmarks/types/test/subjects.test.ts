import { describe, expect, it } from '@jest/globals'
import { programOf } from '../src/compilers.ts'
import { compile } from '../src/measure.ts'
import type { Files, Subject } from '../src/project.ts'
import { covet } from '../src/subjects/covet.ts'
import { drizzle } from '../src/subjects/drizzle.ts'
import { kysely } from '../src/subjects/kysely.ts'
import { writeProject } from '../src/write.ts'

const size = { models: 50, queriesPerModel: 20 }
const subjects: readonly (readonly [string, Subject])[] = [
  ['covet', covet('@covet/orm')],
  ['drizzle', drizzle],
  ['kysely', kysely],
]

function queriesIn(files: Files): number {
  return [...files.values()].reduce((total, text) => total + (text.match(/const a\d+ = await/g) ?? []).length, 0)
}

describe.each(subjects)('the project of %s', (_name, subject) => {
  it('has a file for each of 50 models and 1,000 queries over them', () => {
    expect([...subject.models(size).keys()].filter((file) => /^m\d+\.ts$/.test(file))).toHaveLength(50)
    expect(queriesIn(subject.queries(size))).toBe(1_000)
    expect(queriesIn(subject.models(size))).toBe(0)
  })

  it('imports only files it has', () => {
    const files = new Map([...subject.models(size), ...subject.queries(size)])
    const imported = [...files.values()].flatMap((text) => [...text.matchAll(/from '\.\/(.+?)'/g)].map(([, file]) => file as string))
    expect(imported.filter((file) => !files.has(file))).toEqual([])
  })
})

describe('the models of Covet', () => {
  it('have 19 members each and are related in cycles', () => {
    const models = covet('@covet/orm').models(size)
    const members = (models.get('m49.ts') ?? '').match(/^ {2}\w+: (f\.|belongsTo|hasMany|manyToMany)/gm)
    expect(members).toHaveLength(19)
    expect(models.get('m49.ts')).toContain('next: belongsTo(() => M0)')
    expect(models.get('m0.ts')).toContain('prevs: hasMany(() => M49)')
  })
})

describe('a small project of kysely', () => {
  it('compiles as it is generated', async () => {
    const small = { models: 20, queriesPerModel: 5 }
    const folder = writeProject('test-kysely', new Map([...kysely.models(small), ...kysely.queries(small)]))
    await expect(compile(programOf('7.0'), folder)).resolves.toMatchObject({ instantiations: expect.any(Number) })
  })
})
