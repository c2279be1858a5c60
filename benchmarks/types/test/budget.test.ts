import { describe, expect, it } from '@jest/globals'
import { programOf } from '../src/compilers.ts'
import { buildDeclarations } from '../src/declarations.ts'
import { compile } from '../src/measure.ts'
import { budget } from '../src/report.ts'
import { covet } from '../src/subjects/covet.ts'
import { writeProject } from '../src/write.ts'

describe('ORM-1: 50 models with 1,000 queries', () => {
  // Instantiations are the same in each run, whatever else the machine does; CPU is for `--verdict` to judge.
  it('compile without errors on TypeScript 7, within their budget of instantiations', async () => {
    buildDeclarations()
    const size = { models: budget.models, queriesPerModel: budget.queries / budget.models }
    const subject = covet('@covet/orm')
    const folder = writeProject('test-covet', new Map([...subject.models(size), ...subject.queries(size)]))
    const { instantiations } = await compile(programOf(budget.compiler), folder)
    expect(instantiations).toBeLessThanOrEqual(budget.instantiations)
    // The types were there: without them there would be next to nothing to instantiate.
    expect(instantiations).toBeGreaterThan(budget.instantiations / 4)
  })
})
