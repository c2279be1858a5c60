import { createApp, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import { orm, OrmToken, errors } from '../src/index.ts'

describe('orm', () => {
  it('answers with its label, as the README shows', async () => {
    const routes: Plugin<'orm'> = plugin({
      name: 'routes',
      needs: { orm: OrmToken },
      setup(app, services) {
        app.get('/', () => ({ label: services.orm.label }))
      },
    })
    const app = await createApp({ plugins: [orm({ label: 'first' }), routes], logger: false })
    const response = await app.inject('/')
    expect(response.json()).toEqual({ label: 'first' })
    await app.close()
  })

  it('calls itself orm when nothing else was asked', async () => {
    const app = await createApp({ plugins: [orm()], logger: false })
    expect(app.services.get(OrmToken).label).toBe('orm')
    await app.close()
  })

  it('refuses a label of white space', () => {
    expect(() => orm({ label: ' ' })).toThrow(errors.EmptyLabelError)
  })
})
