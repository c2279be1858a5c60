import { errors } from '@covet/db'
import { failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { InvalidValueError } from '../src/errors.ts'
import { f, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Moment extends Model('datetime_moments', { id: f.id(), at: f.datetime() }) {}

onEachEngine('points in time', (open, dialect, product) => {
  it.each([
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
    ['2024-03-01T00:30+02:00', '2024-02-29T22:30:00.000Z'],
    ['1999-12-31T23:00:00-01:00', '2000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.000Z', '9999-12-31T23:59:59.000Z'],
  ])('are texts with a zone: %s', async (text, stored) => {
    await using space = await open([Moment])
    void space
    const { id } = await Moment.create({ at: text })
    expect((await Moment.find(id))?.at.toISOString()).toBe(stored)
  })

  it.each([
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00+01:00',
    '2024-13-01T00:00:00Z',
    '2024-01-01T25:00:00Z',
    '2024-01-01T00:00:00',
    '2024-01-01',
    '2024-01-01 00:00:00Z',
    '0000-06-01T00:00:00Z',
    '0001-01-01T00:00:00+02:00',
    '9999-12-31T23:59:59-01:00',
    new Date(Number.NaN),
    new Date('+010000-01-01T00:00:00Z'),
    new Date('-000001-01-01T00:00:00Z'),
  ])('of no day, no zone or no such year are refused: %s', async (at) => {
    await using space = await open([Moment])
    space.clear()
    const refused = Promise.resolve().then(() => Moment.create({ at }))
    await expect(refused).rejects.toBeInstanceOf(InvalidValueError)
    await expect(refused).rejects.toThrow("add 'Z' or an offset such as '+02:00'")
    await expect(Promise.resolve().then(() => Moment.where('at', at).count())).rejects.toBeInstanceOf(InvalidValueError)
    expect(space.statements).toEqual([])
  })

  it('that a Date cannot hold are an error, and never an invalid Date', async () => {
    await using space = await open([Moment])
    await Moment.create({ at: '2024-01-01T00:00:00Z' })
    const stored = { postgres: ['infinity', '-infinity', '0044-03-15 12:00:00+00 BC'], mysql: ['0000-00-00 00:00:00'] }[dialect] ?? ['soon']
    for (const text of stored) {
      // These keep what is no date unless they are told not to, which our sessions are.
      const lax = product === 'MariaDB' ? "set statement sql_mode = '' for " : ''
      const hint = product === 'MySQL' ? "/*+ set_var(sql_mode = '') */" : ''
      await space.db.script(`${lax}update ${hint} datetime_moments set at = '${text}'`)
      for (const query of [Moment.query(), Moment.query().select('at')]) {
        const error = await failure(query)
        expect(error).toBeInstanceOf(errors.UnrepresentableValueError)
        expect(error).toMatchObject({ code: 'db/unrepresentable-value', message: expect.not.stringContaining(text) })
      }
    }
  })

  it('and integers that a number cannot hold are an error on PostgreSQL, whose text says so', async () => {
    if (dialect !== 'postgres') return
    await using space = await open([Moment])
    await space.db.script(`insert into datetime_moments (id, at) values (9007199254740993, '2024-01-01T00:00:00Z')`)
    await expect(Moment.query()).rejects.toThrow('exceeds 2^53 - 1')
  })
})
