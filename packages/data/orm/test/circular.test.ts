import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { errors, f, hasMany, Model } from '../src/index.ts'

const run = promisify(execFile)

describe('circular models', () => {
  it.each(['user.ts', 'post.ts'])('run when started from %s, with nothing but Node (ORM-2, trap 32)', async (file) => {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'circular', file)])
    expect(JSON.parse(stdout)).toEqual([
      { id: 1, email: 'ada@x.org', posts: [{ id: 1, title: 'first', authorId: 1, author: { id: 1, email: 'ada@x.org' } }] },
    ])
  })

  it('say that a function of a relation must return a model (trap 32)', () => {
    class Wrong extends Model('wrong', { id: f.id(), others: hasMany(() => 5) }) {}
    expect(() => Wrong.where('others.id' as never, 1 as never)).toThrow(errors.ModelDefinitionError)
    expect(() => Wrong.where('others.id' as never, 1 as never)).toThrow('A relation takes a function that returns one: hasMany(() => Post)')
  })
})
