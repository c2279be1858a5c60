import { globSync } from 'node:fs'
import { parseModule } from '../checks/syntax.ts'
import { layerNames } from '../layers.ts'

/** One package's name in the spellings its files use. */
export interface Spellings {
  /** `rate-limit`: the folder, the npm name without scope, the file of the concept. */
  readonly kebab: string
  /** `rateLimit`: the plugin and the token's name. */
  readonly camel: string
  /** `RateLimit`: types and classes. */
  readonly pascal: string
  /** `Rate limit`: prose. */
  readonly title: string
}

export function spell(kebab: string): Spellings {
  const camel = kebab.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const title = kebab.replaceAll('-', ' ')
  return { kebab, camel, pascal: capital(camel), title: capital(title) }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Files every package has; a concept needs a name of its own. */
const rooms = ['index', 'plugin', 'options', 'errors', 'token', 'testing', 'test']

/** Why a package cannot be made; nothing when it can. */
export function refuse(root: string, layer: string, name: string): string | undefined {
  if (!layerNames.includes(layer)) return `"${layer}" is no layer. Choose one of ${layerNames.join(', ')}.`
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    return `"${name}" is no package name. Write lower-case words joined by "-", such as rate-limit.`
  if (rooms.includes(name)) return `"${name}" is the name of a file every package has. Name the concept.`
  if (!isIdentifier(spell(name).camel)) return `"${name}" is a reserved word of JavaScript. Name the concept.`
  const [taken] = globSync(`packages/*/${name}`, { cwd: root })
  return taken && `${taken} exists already. A package's name is unique in the repository.`
}

function isIdentifier(word: string): boolean {
  try {
    parseModule(`export const ${word} = 0`)
    return true
  } catch {
    return false
  }
}
