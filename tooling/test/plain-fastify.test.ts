import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from '@jest/globals'
import fastify, { type FastifyInstance } from 'fastify'
import { smokeFile } from '../checks/manifests/smoke.ts'
import { workspaceRoot } from '../checks/workspace.ts'

interface PlainFastify {
  register(app: FastifyInstance): Promise<void>
  verify(app: FastifyInstance): Promise<void>
}

// The same files run against the packed tarballs in `pnpm packing`.
const files = globSync(`packages/*/*/${smokeFile}`, { cwd: workspaceRoot }).toSorted()

describe('in plain Fastify', () => {
  it.each(files)('%s registers its plugin, which works', async (file) => {
    const { register, verify } = (await import(join(workspaceRoot, file))) as PlainFastify
    const app = fastify()
    await register(app)
    await app.ready()
    await verify(app)
    await app.close()
  })
})
