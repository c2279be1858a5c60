import { describe, expect, it } from '@jest/globals'
import { isLoopback, tlsFindings } from '../src/index.ts'

describe('the loopback', () => {
  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('is %s', (host) => expect(isLoopback(host)).toBe(true))

  // What resolves a name may ask the network for it, whatever RFC 6761 says.
  it.each(['db.localhost', '127.0.0.1.example', '128.0.0.1', '::2', '0.0.0.0', ''])('is not %p', (host) =>
    expect(isLoopback(host)).toBe(false),
  )
})

describe('the findings of a driver', () => {
  const servers = [
    { name: 'one:1', trusts: true },
    { name: 'two:2', trusts: false },
    { name: 'three:3', trusts: true },
  ]

  it('name the servers whose certificate is taken unseen', () => {
    expect(tlsFindings('mysql', servers, ({ trusts }) => trusts)).toEqual([
      { id: 'C020', severity: 'warning', message: expect.stringMatching(/^mysql\(.* one:1 or three:3 .*ssl: \{ ca \}/) },
    ])
  })

  it('are none where there is nothing to find', () => {
    expect(tlsFindings('mysql', servers, () => false)).toEqual([])
  })
})
