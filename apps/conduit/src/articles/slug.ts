import { errors } from '@covet/db'
import { randomBytes } from 'node:crypto'

const maxAttempts = 5
/** Room for the suffix stays within the 100 characters that a path parameter may have. */
const maxLength = 80
/** What a path below /articles already means. */
const reserved = new Set(['', 'feed'])

/** `Crème brûlée, again!` becomes `creme-brulee-again`. */
export function slugify(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replaceAll(/^-|-$/g, '')
}

/**
 * Saves something under a slug of its title. Two people may save one title at the same moment, so nobody asks first
 * whether a slug is free: the unique index decides, and the loser tries again with a suffix.
 */
export async function withFreeSlug<T>(title: string, save: (slug: string) => Promise<T>): Promise<T> {
  const plain = slugify(title)
  for (let attempt = 1; ; attempt += 1) {
    const slug = attempt === 1 && !reserved.has(plain) ? plain : suffixed(plain)
    try {
      return await save(slug)
    } catch (error) {
      if (!isSlugTaken(error) || attempt === maxAttempts) throw error
    }
  }
}

function suffixed(slug: string): string {
  return [slug, randomBytes(4).toString('hex')].filter(Boolean).join('-')
}

function isSlugTaken(error: unknown): boolean {
  return error instanceof errors.UniqueViolation && error.columns.includes('slug')
}
