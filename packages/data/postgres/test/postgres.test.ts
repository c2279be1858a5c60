import { createApp, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import { postgres, PostgresToken, errors } from '../src/index.ts'

describe('postgres', () => {
  it('answers with its label, as the README shows', async () => {
    const routes: Plugin<'postgres'> = plugin({
      name: 'routes',
      needs: { postgres: PostgresToken },
      setup(app, services) {
        app.get('/', () => ({ label: services.postgres.label }))
      },
    })
    const app = await createApp({ plugins: [postgres({ label: 'first' }), routes], logger: false })
    const response = await app.inject('/')
    expect(response.json()).toEqual({ label: 'first' })
    await app.close()
  })

  it('calls itself postgres when nothing else was asked', async () => {
    const app = await createApp({ plugins: [postgres()], logger: false })
    expect(app.services.get(PostgresToken).label).toBe('postgres')
    await app.close()
  })

  it('refuses a label of white space', () => {
    expect(() => postgres({ label: ' ' })).toThrow(errors.EmptyLabelError)
  })
})
