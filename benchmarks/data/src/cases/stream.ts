import { startProcess } from '@covet/testing'
import { createTables } from '@covet/orm/testing'
import { median } from '@covet-benchmarks/common/statistics'
import type { Case } from '../case.ts'
import { connect, type Engine, engines, openSpace } from '../engine.ts'
import type { Figure } from '../figure.ts'
import type { StreamCost } from '../processes/stream.ts'
import { fillSamples, Sample } from '../sample.ts'
import { check } from '../timing.ts'

const full = { rows: 1_000_000, breaks: 20 }
/** What "flat" is taken for: all rows hold more than 100 times as much. */
const flat = { below: 2e6 }

export async function measure(engine: Engine, { rows, breaks } = full): Promise<Figure[]> {
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url)
  await createTables(db, [Sample])
  await fillSamples(db, engine, rows)
  await using child = await startProcess(new URL('../processes/stream.ts', import.meta.url), {
    args: [engine, space.url, String(rows), String(breaks)],
    ready: /^cost /,
    timeout: '2m',
  })
  const cost = JSON.parse(child.readyLine.slice('cost '.length)) as StreamCost
  check(cost.inOrder, 'The rows did not come in their order.')
  check(cost.lent === 0, `${cost.lent} connections did not come back.`)
  const of = `of ${rows.toLocaleString('en')} rows`
  return [
    {
      what: `heap after ${breaks} streams ${of} with a break after 10, more than before`,
      unit: 'MB',
      value: cost.grownByBreaks,
      bound: flat,
    },
    { what: `heap at nine tenths of a stream ${of}, more than at one tenth`, unit: 'MB', value: cost.grown, bound: flat },
    { what: `the first 10 ${of}: p50`, unit: 'ms', value: median(cost.breaks) },
    { what: `a stream ${of}`, unit: 'ms', value: cost.took },
  ]
}

export const stream: Case = { id: 'ORM-16', title: 'a stream of rows', engines, measure }
