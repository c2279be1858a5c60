import { createApp, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import { mysql, MysqlToken, errors } from '../src/index.ts'

describe('mysql', () => {
  it('answers with its label, as the README shows', async () => {
    const routes: Plugin<'mysql'> = plugin({
      name: 'routes',
      needs: { mysql: MysqlToken },
      setup(app, services) {
        app.get('/', () => ({ label: services.mysql.label }))
      },
    })
    const app = await createApp({ plugins: [mysql({ label: 'first' }), routes], logger: false })
    const response = await app.inject('/')
    expect(response.json()).toEqual({ label: 'first' })
    await app.close()
  })

  it('calls itself mysql when nothing else was asked', async () => {
    const app = await createApp({ plugins: [mysql()], logger: false })
    expect(app.services.get(MysqlToken).label).toBe('mysql')
    await app.close()
  })

  it('refuses a label of white space', () => {
    expect(() => mysql({ label: ' ' })).toThrow(errors.EmptyLabelError)
  })
})
