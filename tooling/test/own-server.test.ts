import { existsSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from '@jest/globals'
import { ownServer } from '../services/index.ts'
import { describeWhere } from '../services/jest.ts'
import { stateFolder } from '../services/state.ts'

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.on('connect', () => socket.end()).on('error', () => resolve(false))
  })
}

/** The threads of a killed process go one after the other. */
async function silence(port: number): Promise<void> {
  while (await answers(port)) await turn()
}

describeWhere('memcached', 'a server of one test', () => {
  it('has arguments and files of its own, and is gone with its data when it is disposed of', async () => {
    let file = ''
    let port: number
    {
      await using server = await ownServer('memcached', ({ write }) => {
        file = write('settings', 'a = 1')
        return ['-m', '8']
      })
      port = server.port
      expect(new URL(server.url).port).toBe(String(port))
      expect(await answers(port)).toBe(true)
      expect(existsSync(file)).toBe(true)
    }
    await silence(port)
    expect(existsSync(file)).toBe(false)
  })

  it('is there again on its port after a crash or a stop', async () => {
    await using server = await ownServer('memcached', () => [])
    const first = server.pid
    await server.crash()
    await silence(server.port)
    await server.startAgain()
    expect(await answers(server.port)).toBe(true)
    expect(server.pid).not.toBe(first)
    await server.stop()
    await silence(server.port)
    await server.startAgain()
    expect(await answers(server.port)).toBe(true)
  })

  it('leaves nothing when it does not start', async () => {
    const folders = (): string[] => readdirSync(stateFolder(process.env)).filter((name) => name.startsWith('own-'))
    const before = new Set(folders())
    let parent = ''
    const started = ownServer('memcached', ({ folder }) => {
      parent = folders().find((name) => folder.includes(name)) ?? ''
      return ['--no-such-option']
    })
    await expect(started).rejects.toThrow()
    expect(before).not.toContain(parent)
    expect(folders()).not.toContain(parent)
  })
})
