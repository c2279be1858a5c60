import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { recordOf, replaceSection } from '../src/record.ts'

describe('the record of a run', () => {
  it('keeps everything outside the section that is written', () => {
    const text = 'before\n<!-- results -->\n\nold\n\n<!-- /results -->\nafter'
    expect(replaceSection(text, 'results', 'new\n')).toBe('before\n<!-- results -->\n\nnew\n\n<!-- /results -->\nafter')
  })

  it('refuses a section that the README does not have', () => {
    expect(() => replaceSection('text', 'results', 'new')).toThrow('no section between <!-- results --> and <!-- /results -->')
    expect(() => replaceSection('<!-- /results --><!-- results -->', 'results', 'new')).toThrow('no section')
  })

  it('writes beside what other runs wrote', () => {
    const folder = mkdtempSync(join(tmpdir(), 'covet-record-'))
    try {
      writeFileSync(join(folder, 'README.md'), '# Figures\n\n<!-- verdict -->\n<!-- /verdict -->\n')
      const record = recordOf(pathToFileURL(`${folder}/`))
      record.writeSection('verdict', '- it **holds**')
      expect(record.readJson('results')).toBeUndefined()
      record.writeJson('results', [1])
      record.writeJson('verdict', { holds: true })
      record.writeJson('results', [2])
      expect(record.readJson('results')).toEqual([2])
      expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('# Figures\n\n<!-- verdict -->\n\n- it **holds**\n\n<!-- /verdict -->\n')
      expect(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8'))).toEqual({ results: [2], verdict: { holds: true } })
      writeFileSync(join(folder, 'results.json'), 'no JSON')
      expect(() => record.writeJson('results', [3])).toThrow(/JSON/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
