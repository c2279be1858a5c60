import { describe, expect, it } from '@jest/globals'
import { describeWhere, describeWithUrl } from '@covet-workspace/tooling/services/jest'
import { eventually, seededRandom } from '@covet/testing'
import { type Engine, openSubject } from './soak/engines.ts'
import { killWriter } from './soak/faults.ts'
import { readJournals } from './soak/journal.ts'
import { Note } from './soak/models.ts'
import { sessionsOf } from './soak/sessions.ts'
import { isLong, kills } from './soak/size.ts'
import { verify } from './soak/verify.ts'

/** Milliseconds from the start of a process to its first answer, TypeScript stripped on the way: it must not hang. */
const restart = 10_000

function itSurvives(engine: Engine): void {
  it(
    `REL-10 killed ${kills} times while it writes: it answers again within ${restart} ms, what it had acknowledged is there, what it had not is whole or not there`,
    async () => {
      await using subject = await openSubject(engine)
      const journals: string[] = []
      const random = seededRandom(10)
      const restarts: number[] = []
      for (let count = 0; count < kills; count += 1) restarts.push(await killWriter(subject, random, journals))
      const sorted = restarts.toSorted((one, other) => one - other).map(Math.round)
      const [median, longest] = [sorted[Math.floor(kills / 2)], sorted.at(-1)]
      if (isLong) console.log(`it answered after ${median} ms half of the times, after ${longest} ms at the longest`)
      expect(longest).toBeLessThan(restart)
      const recorded = readJournals(journals)
      expect([...recorded.values()].filter(({ outcome }) => outcome === 'acknowledged').length).toBeGreaterThan(kills)
      // Its server notices that the processes are gone, and takes back what they had begun.
      await eventually(async () => expect(await sessionsOf(subject)).toEqual([]), { within: '1m' })
      expect((await verify(subject.watcher, recorded)).violations).toEqual([])
      // Nothing is left locked.
      await subject.db.transaction(() => Note.query().unfiltered().update({ touches: 0 }))
      expect(await Note.create({ op: 0, part: 0 })).toBeInstanceOf(Note)
    },
    60_000 + kills * 10_000,
  )
}

describe('an application on SQLite', () => itSurvives('sqlite'))
describeWhere('postgres', 'an application on PostgreSQL', () => itSurvives('postgres'))
describeWhere('mariadb', 'an application on MariaDB', () => itSurvives('mariadb'))
describeWithUrl('MYSQL_URL', 'an application on MySQL 8', () => itSurvives('mysql'))
