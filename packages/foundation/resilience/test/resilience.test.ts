import { createApp, plugin, type Plugin } from '@covet/core'
import { describe, expect, it } from '@jest/globals'
import { resilience, ResilienceToken, errors } from '../src/index.ts'

describe('resilience', () => {
  it('answers with its label, as the README shows', async () => {
    const routes: Plugin<'resilience'> = plugin({
      name: 'routes',
      needs: { resilience: ResilienceToken },
      setup(app, services) {
        app.get('/', () => ({ label: services.resilience.label }))
      },
    })
    const app = await createApp({ plugins: [resilience({ label: 'first' }), routes], logger: false })
    const response = await app.inject('/')
    expect(response.json()).toEqual({ label: 'first' })
    await app.close()
  })

  it('calls itself resilience when nothing else was asked', async () => {
    const app = await createApp({ plugins: [resilience()], logger: false })
    expect(app.services.get(ResilienceToken).label).toBe('resilience')
    await app.close()
  })

  it('refuses a label of white space', () => {
    expect(() => resilience({ label: ' ' })).toThrow(errors.EmptyLabelError)
  })
})
