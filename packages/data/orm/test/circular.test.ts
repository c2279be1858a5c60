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

  it.each([
    ['early-user.ts', 'Post', 'author', 'User'],
    ['early-post.ts', 'User', 'posts', 'Post'],
  ])(
    'say which relation a query in a static initialiser asks for too early, and what to do, when started from %s (trap 32)',
    async (file, model, relation, missing) => {
      const started = run(process.execPath, [join(import.meta.dirname, 'circular', file)])
      await expect(started).rejects.toMatchObject({ code: 1, stdout: '' })
      const { stderr } = await started.catch((error: { stderr: string }) => error)
      expect(stderr).toContain(
        `ModelDefinitionError: The model ${model} cannot be used: its relation '${relation}' is asked for before the class it leads to is there`,
      )
      expect(stderr).toContain(`(Cannot access '${missing}' before initialization)`)
      expect(stderr).toContain('Make it in a method, which runs when it is called')
      expect(stderr).toContain("code: 'orm/model-definition'")
    },
  )

  it('pass on what else a function of a relation throws', () => {
    const wrong = (): never => {
      throw new Error('not a name')
    }
    class Wrong extends Model('wrong', { id: f.id(), others: hasMany(wrong) }) {}
    expect(() => Wrong.where('others.id' as never, 1 as never)).toThrow('not a name')
  })

  it('say that a function of a relation must return a model (trap 32)', () => {
    class Wrong extends Model('wrong', { id: f.id(), others: hasMany(() => 5) }) {}
    expect(() => Wrong.where('others.id' as never, 1 as never)).toThrow(errors.ModelDefinitionError)
    expect(() => Wrong.where('others.id' as never, 1 as never)).toThrow('A relation takes a function that returns one: hasMany(() => Post)')
  })
})
