import { describe, expect, it } from '@jest/globals'
import { resolve } from 'node:path'
import { loadSettings } from '../src/settings.ts'

const appFolder = resolve(import.meta.dirname, '..')
const secret = 'k3Jx9QzT5mWb7Ru2Yc8Vn4Lp6Hs1Gd0FaEoIiUtB'

describe('settings', () => {
  it('have defaults that need nothing, and keep the database in the application’s own folder', async () => {
    const { host, port, database, demoData } = await loadSettings({})
    expect({ host, port, database, demoData }).toEqual({
      host: '127.0.0.1',
      port: 3000,
      database: { file: resolve(appFolder, '.covet/conduit.db') },
      demoData: true,
    })
  })

  it('are read from the environment', async () => {
    const { host, port, database, demoData } = await loadSettings({
      HOST: '0.0.0.0',
      PORT: '8080',
      DATABASE_FILE: '/data/x.db',
      DEMO_DATA: 'false',
    })
    expect({ host, port, database, demoData }).toEqual({ host: '0.0.0.0', port: 8080, database: { file: '/data/x.db' }, demoData: false })
  })

  it('have no secret of their own and no demo data in production', async () => {
    await expect(loadSettings({ NODE_ENV: 'production' })).rejects.toThrow('JWT_SECRET')
    const { demoData, jwtSecret } = await loadSettings({ NODE_ENV: 'production', JWT_SECRET: secret })
    expect(demoData).toBe(false)
    expect(jwtSecret.reveal()).toBe(secret)
    expect(String(jwtSecret)).not.toContain(secret)
  })

  it('refuse a short secret and a port that is none, both at once', async () => {
    await expect(loadSettings({ JWT_SECRET: 'short', PORT: 'web' })).rejects.toThrow(/PORT[^]*JWT_SECRET|JWT_SECRET[^]*PORT/)
  })
})
