import type { Match } from '../../expressions/node.ts'

/** The LIKE pattern of a literal text, with `\` as the escape character. */
export function likePattern(how: Match): (text: unknown) => string {
  return (text) => {
    const literal = (text as string).replaceAll(/[\\%_]/g, '\\$&')
    return `${how === 'startsWith' ? '' : '%'}${literal}${how === 'endsWith' ? '' : '%'}`
  }
}

/** The GLOB pattern of a literal text: SQLite's LIKE folds ASCII letters, its GLOB does not. */
export function globPattern(how: Match): (text: unknown) => string {
  return (text) => {
    const literal = (text as string).replaceAll(/[*?[]/g, '[$&]')
    return `${how === 'startsWith' ? '' : '*'}${literal}${how === 'endsWith' ? '' : '*'}`
  }
}
