const irregular: readonly (readonly [singular: string, plural: string])[] = [
  ['person', 'people'],
  ['child', 'children'],
  ['man', 'men'],
  ['woman', 'women'],
  ['mouse', 'mice'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['goose', 'geese'],
  ...['status', 'bonus', 'bus', 'virus', 'campus', 'census', 'corpus', 'alias', 'bias', 'atlas', 'gas'].map((word) => [word, `${word}es`] as const),
  ['movie', 'movies'],
  ['cookie', 'cookies'],
  ['cache', 'caches'],
  ['leaf', 'leaves'],
  ['half', 'halves'],
  ['shelf', 'shelves'],
  ['analysis', 'analyses'],
  ['basis', 'bases'],
  ['criterion', 'criteria'],
]
const uncountable = new Set(['series', 'species', 'news', 'media', 'data', 'metadata', 'equipment', 'information', 'settings', 'history', 'staff', 'feedback'])

/** The words of a name in any case: `HTMLPage`, `html_page` and `html-page` are `html`, `page`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

export function camelCase(name: string): string {
  const [first = '', ...others] = wordsOf(name)
  return identifierOf(first + others.map(capitalized).join(''))
}

export function pascalCase(name: string): string {
  return identifierOf(wordsOf(name).map(capitalized).join(''))
}

export function kebabCase(name: string): string {
  return wordsOf(name).join('-')
}

/** The last word of the name in the singular: `stock_levels` is `stock level`. */
export function singular(name: string): string {
  return withLast(name, singularWord)
}

export function plural(name: string): string {
  return withLast(name, pluralWord)
}

function withLast(name: string, change: (word: string) => string): string {
  const words = [...wordsOf(name)]
  words.push(change(words.pop() ?? ''))
  return words.join(' ')
}

function singularWord(word: string): string {
  if (uncountable.has(word)) return word
  const known = irregular.find((pair) => pair.includes(word))
  if (known) return known[0]
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/(?:ss|sh|ch|x|zz)es$/.test(word)) return word.slice(0, -2)
  return /(?:ss|us|is)$/.test(word) || !word.endsWith('s') ? word : word.slice(0, -1)
}

function pluralWord(word: string): string {
  if (uncountable.has(word)) return word
  const known = irregular.find((pair) => pair.includes(word))
  if (known) return known[1]
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(?:s|sh|ch|x|z)$/.test(word) ? `${word}es` : `${word}s`
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Nothing is left of a name of signs, and a digit begins no identifier. */
function identifierOf(name: string): string {
  return /^\p{L}/u.test(name) ? name : `_${name}`
}
