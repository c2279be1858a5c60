import { describe, expect, it } from '@jest/globals'
import { decodeBase64url } from '../src/base64url.ts'

const alphabet = 'ABCDwxyz0189-_+/= \néĀłﬀ🔑.'

describe('canonical base64url', () => {
  it('is what encoding again gives back, for every byte and length', () => {
    for (let byte = 0; byte < 256; byte++) {
      for (const bytes of [[byte], [byte, 255 - byte], [byte, 7, byte], [1, 2, 3, byte]]) {
        const text = Buffer.from(bytes).toString('base64url')
        expect(decodeBase64url(text)).toEqual(Buffer.from(bytes))
      }
    }
  })

  it('JWT-07: is refused exactly where encoding again gives something else', () => {
    const characters = Array.from(alphabet)
    let refused = 0
    for (let round = 0; round < characters.length ** 3; round++) {
      const [a, b, c] = [round, Math.floor(round / characters.length), Math.floor(round / characters.length ** 2)]
      const at = (index: number): string => characters[index % characters.length] ?? ''
      for (const text of [at(a) + at(b), at(a) + at(b) + at(c), `AAAA${at(a)}${at(b)}${at(c)}A`, `${at(a)}AA${at(b)}AA${at(c)}`]) {
        const isCanonical = Buffer.from(text, 'base64url').toString('base64url') === text
        if (!isCanonical) refused++
        if ((decodeBase64url(text) !== undefined) !== isCanonical) throw new Error(`Disagreement about ${JSON.stringify(text)}`)
      }
    }
    expect(refused).toBeGreaterThan(10_000)
  })
})
