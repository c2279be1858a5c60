import { describe, expect, it } from '@jest/globals'
import { createApp } from '../src/index.ts'

describe('proxies', () => {
  const forwarded = { 'x-forwarded-for': '6.6.6.6, 1.2.3.4', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test' }
  const whoAmI = async (
    options: Parameters<typeof createApp>[0],
    headers: Record<string, string> = forwarded,
    remoteAddress = '9.9.9.9',
  ) => {
    const open = await createApp(options)
    open.get('/', async ({ ip, protocol, host }) => ({ ip, protocol, host }))
    const { body, statusCode } = await open.inject({ url: '/', headers, remoteAddress })
    await open.close()
    return { statusCode, ...(JSON.parse(body) as { ip: string; protocol: string; host: string }) }
  }

  it('HTTP-12 a direct client is not believed, whether or not proxies are trusted', async () => {
    const direct = { ip: '9.9.9.9', protocol: 'http', host: 'localhost:80', statusCode: 200 }
    expect(await whoAmI({})).toEqual(direct)
    expect(await whoAmI({ trustProxy: ['10.0.0.0/8'] })).toEqual(direct)
  })

  it.each([true, 1, '10.0.0.0/8'])('HTTP-12 trustProxy: %p is refused at boot', async (trustProxy) => {
    await expect(createApp({ trustProxy: trustProxy as never })).rejects.toMatchObject({ code: 'http/unsafe-trust-proxy' })
  })

  it('HTTP-13 the address is the right-most one that is not a trusted proxy', async () => {
    expect(await whoAmI({ trustProxy: ['10.0.0.0/8'] }, forwarded, '10.1.1.1')).toMatchObject({
      ip: '1.2.3.4',
      protocol: 'https',
      host: 'evil.test',
    })
    expect(await whoAmI({ trustProxy: (address) => address.startsWith('10.') }, forwarded, '10.1.1.1')).toMatchObject({ ip: '1.2.3.4' })
  })

  it('holds the host a trusted proxy forwards to allowedHosts', async () => {
    expect((await whoAmI({ trustProxy: ['10.0.0.0/8'], allowedHosts: ['localhost'] }, forwarded, '10.1.1.1')).statusCode).toBe(421)
  })

  it('takes a request id from a trusted proxy only, and only a plausible one', async () => {
    const open = await createApp({ trustProxy: ['10.0.0.0/8'] })
    open.get('/', async ({ id }) => id)
    const idFor = async (id: string, remoteAddress: string) =>
      (await open.inject({ url: '/', headers: { 'x-request-id': id }, remoteAddress })).body
    expect(await idFor('abcdefgh-1', '10.1.1.1')).toBe('abcdefgh-1')
    expect(await idFor('abcdefgh-1', '9.9.9.9')).not.toBe('abcdefgh-1')
    expect(await idFor('short', '10.1.1.1')).not.toBe('short')
    expect(await idFor('spaces are not ids', '10.1.1.1')).not.toBe('spaces are not ids')
    await open.close()
  })
})
