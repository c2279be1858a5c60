import { describe, expect, it } from '@jest/globals'
import { type Answer, differences } from '../src/check.ts'
import type { Expectation } from '../src/workloads.ts'

const expectation: Expectation = {
  what: 'a greeting',
  request: { method: 'GET', path: '/' },
  status: [200, 204],
  json: { hello: 'world' },
  headers: { 'content-security-policy': "default-src 'self';img-src *", 'x-request-id': /^\w+$/ },
}

function answer(changes: Partial<Answer> = {}): Answer {
  return {
    status: 200,
    headers: { 'content-security-policy': "default-src 'self'; img-src *;", 'x-request-id': 'a1' },
    body: '{ "hello": "world" }',
    ...changes,
  }
}

describe('the check of an answer', () => {
  it('accepts what says the same with other spaces', () => {
    expect(differences(expectation, answer())).toEqual([])
  })

  it('names a wrong status', () => {
    expect(differences(expectation, answer({ status: 500 }))).toEqual(['a greeting: status 500 instead of 200 or 204'])
  })

  it('names a body with another value, and one that is not JSON', () => {
    expect(differences(expectation, answer({ body: '{"hello":"moon"}' }))).toEqual(['a greeting: body {"hello":"moon"}'])
    expect(differences(expectation, answer({ body: 'hello' }))).toEqual(['a greeting: body hello'])
  })

  it('names a header that is missing and one with another value', () => {
    const headers = { 'content-security-policy': 'default-src *' }
    expect(differences(expectation, answer({ headers }))).toEqual([
      'a greeting: content-security-policy is default-src *',
      'a greeting: x-request-id is missing',
    ])
  })
})
