/** The lowest versions without a known vulnerability. A range that admits less is refused, in dependencies and in peers (SUP-05). */
export const floors: Readonly<Record<string, string>> = {
  fastify: '5.12.8',
  '@fastify/static': '10.1.1',
  '@fastify/middie': '9.3.0',
  '@fastify/reply-from': '12.6.2',
  '@fastify/http-proxy': '11.4.4',
  '@fastify/multipart': '9.3.0',
  kysely: '0.28.17',
  'sanitize-html': '2.17.4',
  ws: '8.21.0',
  undici: '8.0.0',
  ajv: '8.18.0',
  'find-my-way': '9.0.0',
}

/** Native and cryptographic packages are pinned exactly: what runs is what was reviewed (SUP-05). */
const pinned = [
  /^jose$/,
  /^@node-rs\//,
  /^@simplewebauthn\//,
  /^kysely$/,
  /^better-sqlite3$/,
  /^pg$/,
  /^pg-protocol$/,
  /^mysql2$/,
  /^@napi-rs\//,
]

export function mustBePinned(name: string): boolean {
  return pinned.some((pattern) => pattern.test(name))
}

/** `1.2.3` as numbers; nothing for a tag, a URL or a partial version. */
export function parseVersion(version: string): [number, number, number] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined
}

/** Negative when `left` is the lower version. */
export function compareVersions(left: readonly number[], right: readonly number[]): number {
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
