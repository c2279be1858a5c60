import { expect, it } from '@jest/globals'
import { digestOf } from '../src/digest.ts'

it('a digest is the same for the same files and another for others, whose names count', () => {
  const digest = digestOf('benchmarks/common/src/*.ts')
  expect(digest).toMatch(/^[0-9a-f]{12}$/)
  expect(digestOf('benchmarks/common/src/*.ts')).toBe(digest)
  expect(digestOf('benchmarks/common/src/d*.ts')).not.toBe(digest)
  expect(digestOf('benchmarks/*/src/**/*.ts')).not.toBe(digest)
})
