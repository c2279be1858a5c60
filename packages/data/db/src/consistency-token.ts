import { InvalidConsistencyToken } from './errors.ts'

const longest = 4_096
const shape = /^v1\.([A-Za-z0-9_-]*)$/

/** A position as an opaque string that may travel in a cookie or a header. */
export function toToken(position: string): string {
  return `v1.${Buffer.from(position).toString('base64url')}`
}

/** @throws {InvalidConsistencyToken} */
export function fromToken(token: string): string {
  const [, encoded] = (token.length <= longest && shape.exec(token)) || []
  if (encoded === undefined) throw new InvalidConsistencyToken()
  return Buffer.from(encoded, 'base64url').toString()
}
