import { createDb } from '@covet/db'
import { randomBytes } from 'node:crypto'
import { mysql } from '../../src/index.ts'

/** An empty database. */
export interface Space {
  readonly url: string
  drop(): Promise<void>
}

/** @param server its URL, of an account that may create databases */
export async function createSpace(server: string): Promise<Space> {
  const name = `covet_${randomBytes(8).toString('hex')}`
  const run = async (text: string): Promise<void> => {
    await using db = createDb(mysql({ url: server }))
    await db.execute({ text, params: [] })
  }
  await run(`create database ${name} character set utf8mb4`)
  const { href } = Object.assign(new URL(server), { pathname: `/${name}` })
  return { url: href, drop: () => run(`drop database if exists ${name}`) }
}
