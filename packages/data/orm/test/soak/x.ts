import { openSubject } from './engines.ts'
import { Note } from './models.ts'
for (const engine of ['postgres', 'mariadb'] as const) {
  await using s = await openSubject(engine)
  await s.db.connect()
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    const t = performance.now()
    const e = await work().then(
      () => 'done',
      (error: Error) => `${error.constructor.name} ${(error.cause as Error)?.message}`,
    )
    console.log(engine, name, Math.round(performance.now() - t), e)
    s.proxy!.cut()
    s.proxy!.heal()
    await new Promise((r) => setTimeout(r, 600))
    await Note.query().first()
  }
  await s.watcher.sql`insert into notes (op, part, slot, touches) values (5, 0, 0, 0)`
  await attempt('commit', () =>
    s.db.transaction(
      async () => {
        await Note.create({ op: 1, part: 0 })
        s.proxy!.blackHole('response')
      },
      { retry: 3 },
    ),
  )
  await attempt('create', () => {
    s.proxy!.blackHole('response')
    return Note.create({ op: 2, part: 0 })
  })
  await attempt('abort', async () => {
    await Note.where({ op: 5 }).count()
    s.proxy!.blackHole('response')
    return Note.where({ op: 5 })
      .signal(AbortSignal.timeout(300))
      .update((c) => ({ touches: c.touches.add(1) }))
  })
  await attempt('read', async () => {
    s.proxy!.blackHole('both')
    return Note.where({ op: 2 }).count()
  })
  await attempt('connect', async () => {
    await Promise.all([1, 2, 3].map(() => s.db.sql`select 1`))
    s.proxy!.cut()
    s.proxy!.blackHole('both')
    return Note.where({ op: 2 }).count()
  })
  await new Promise((r) => setTimeout(r, 500))
  console.log(await s.watcher.sql`select op, touches from notes order by op`)
}
