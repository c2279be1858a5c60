import Type from 'typebox'

/** Longer pages are asked for in vain: a client that asks for more gets this many. */
const longestPage = 100

export interface Page {
  readonly limit: number
  readonly offset: number
}

/** The query parameters of every list of articles. */
export const pageQuery = {
  limit: Type.Integer({ default: 20, minimum: 1 }),
  offset: Type.Integer({ default: 0, minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
}

export function toPage({ limit, offset }: Page): Page {
  return { limit: Math.min(limit, longestPage), offset }
}
