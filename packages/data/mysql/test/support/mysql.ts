import { describeWithUrl } from '@covet-workspace/tooling/services/jest'
import { afterAll } from '@jest/globals'
import { createSpace, type Space } from './space.ts'

/** Tests on MySQL 8, where MYSQL_URL names one. `open` gives a database of its own; all are dropped after the last test. */
export function describeMysql(title: string, body: (open: () => Promise<Space>) => void): void {
  describeWithUrl('MYSQL_URL', `${title} on MySQL 8`, (server) => {
    const spaces: Space[] = []
    body(async () => {
      const space = await createSpace(server)
      spaces.push(space)
      return space
    })
    // After what the tests themselves close.
    afterAll(async () => {
      for (const space of spaces) await space.drop()
    })
  })
}
