import type { Case } from './case.ts'
import { breaker } from './cases/breaker.ts'
import { bulk } from './cases/bulk.ts'
import { cancellation } from './cases/cancellation.ts'
import { demotion } from './cases/demotion.ts'
import { eventLoop } from './cases/event-loop.ts'
import { outage } from './cases/outage.ts'
import { poolExhaustion } from './cases/pool-exhaustion.ts'
import { restart } from './cases/restart.ts'
import { slowLog } from './cases/slow-log.ts'
import { stream } from './cases/stream.ts'
import { threads } from './cases/threads.ts'

/** In the order of their ids. */
export const cases: readonly Case[] = [
  eventLoop,
  poolExhaustion,
  breaker,
  demotion,
  cancellation,
  slowLog,
  bulk,
  stream,
  threads,
  outage,
  restart,
]
export const caseIds: readonly string[] = cases.map(({ id }) => id)
