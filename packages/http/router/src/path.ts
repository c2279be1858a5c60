import { MissingParamError } from './errors.ts'

/** One parameter of a path. */
export interface PathParam {
  readonly name: string
  /** The source of its regular expression, without the parentheses. */
  readonly regex?: string
  readonly optional?: boolean
}

export type PathToken =
  | { readonly kind: 'static'; readonly text: string }
  /** From a parameter to the next slash: the parameter, and whatever shares its segment. */
  | { readonly kind: 'segment'; readonly parts: readonly (PathParam | string)[] }
  | { readonly kind: 'wildcard' }

/** A path as find-my-way reads it: `::` is a colon, a name ends at `/`, `-`, `.` or `(`, `?` comes last, `*` takes the rest. */
export function parsePath(path: string): readonly PathToken[] {
  const tokens: PathToken[] = []
  let text = ''
  let at = 0
  while (at < path.length) {
    if (path.startsWith('::', at)) {
      text += ':'
      at += 2
      continue
    }
    const char = path[at] as string
    if (char !== ':' && char !== '*') {
      text += char
      at += 1
      continue
    }
    if (text) tokens.push({ kind: 'static', text })
    text = ''
    const [token, end] = char === '*' ? ([{ kind: 'wildcard' }, at + 1] as const) : readSegment(path, at)
    tokens.push(token)
    at = end
  }
  if (text) tokens.push({ kind: 'static', text })
  return tokens
}

function readSegment(path: string, start: number): [PathToken, end: number] {
  const parts: (PathParam | string)[] = []
  let at = start
  while (at < path.length && path[at] !== '/') {
    if (path[at] === ':' && path[at + 1] !== ':') {
      const [param, end] = readParam(path, at + 1)
      parts.push(param)
      at = end
    } else {
      const before = parts.at(-1)
      const char = path[at] as string
      if (typeof before === 'string') parts[parts.length - 1] = before + char
      else parts.push(char)
      at += path.startsWith('::', at) ? 2 : 1
    }
  }
  return [{ kind: 'segment', parts }, at]
}

function readParam(path: string, start: number): [PathParam, end: number] {
  let end = start
  while (end < path.length && !'/-.(?'.includes(path[end] as string)) end += 1
  const name = path.slice(start, end)
  let regex: string | undefined
  if (path[end] === '(') {
    const close = closingParenthesis(path, end)
    regex = path.slice(end + 1, close)
    end = close + 1
  }
  const optional = path[end] === '?'
  return [{ name, ...(regex !== undefined && { regex }), ...(optional && { optional }) }, optional ? end + 1 : end]
}

function closingParenthesis(path: string, open: number): number {
  let depth = 0
  for (let at = open; at < path.length; at += 1) {
    if (path[at] === '\\') at += 1
    else if (path[at] === '(') depth += 1
    else if (path[at] === ')') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return path.length
}

/** The parameters of a path, in order; a wildcard is named `*`. */
export function paramsOf(tokens: readonly PathToken[]): readonly PathParam[] {
  return tokens.flatMap((token) => {
    if (token.kind === 'wildcard') return [{ name: '*' }]
    return token.kind === 'segment' ? token.parts.filter((part) => typeof part !== 'string') : []
  })
}

/** A path that ends with an optional parameter is two paths: with it, and without it and the slash before. */
export function variantsOf(tokens: readonly PathToken[]): readonly (readonly PathToken[])[] {
  const last = tokens.at(-1)
  if (last?.kind !== 'segment') return [tokens]
  const param = last.parts.at(-1)
  if (typeof param !== 'object' || !param.optional) return [tokens]
  const { optional: _, ...needed } = param
  const full: readonly PathToken[] = [...tokens.slice(0, -1), { kind: 'segment', parts: [...last.parts.slice(0, -1), needed] }]
  return [full, withoutLastSlash(tokens.slice(0, -1))]
}

function withoutLastSlash(tokens: readonly PathToken[]): readonly PathToken[] {
  const last = tokens.at(-1)
  if (last?.kind !== 'static' || !last.text.endsWith('/')) return tokens
  const text = last.text.slice(0, -1)
  if (text) return [...tokens.slice(0, -1), { kind: 'static', text }]
  return tokens.length === 1 ? [{ kind: 'static', text: '/' }] : tokens.slice(0, -1)
}

/**
 * What find-my-way keeps of a path: the names of the parameters are gone, and so is what their expressions say. Two
 * routes with one method and one pattern cannot be told apart.
 */
export function patternOf(tokens: readonly PathToken[]): string {
  const pattern = tokens
    .map((token) => {
      if (token.kind === 'static') return token.text.replaceAll(':', '::')
      if (token.kind === 'wildcard') return '*'
      if (!isExpression(token)) return ':'
      return `:${token.parts.map((part) => (typeof part === 'string' ? part : '()')).join('')}`
    })
    .join('')
  return pattern === '*' ? '/*' : pattern
}

/** Whether find-my-way matches the segment by a regular expression: when it has one, or when parameters share it. */
export function isExpression({ parts }: Extract<PathToken, { kind: 'segment' }>): boolean {
  return parts.length > 1 || (typeof parts[0] === 'object' && parts[0].regex !== undefined)
}

/** Values to fill a path with, by parameter. */
export type ParamValues = Readonly<Record<string, string | number | undefined>>

/**
 * Fills the parameters of a path, each encoded as one segment; the slashes of a wildcard stay.
 * @throws {MissingParamError} when one is missing or empty
 */
export function buildPath(path: string, params: ParamValues = {}): string {
  const [full, short] = variantsOf(parsePath(path))
  const optional = short && full ? paramsOf(full).at(-1)?.name : undefined
  const tokens = short && optional !== undefined && params[optional] === undefined ? short : (full ?? [])
  const value = (name: string): string => {
    const given = params[name]
    if (given === undefined || (given === '' && name !== '*')) throw new MissingParamError(path, name)
    return String(given)
  }
  return tokens
    .map((token) => {
      if (token.kind === 'static') return token.text
      if (token.kind === 'wildcard') return value('*').split('/').map(encodeURIComponent).join('/')
      return token.parts.map((part) => (typeof part === 'string' ? part : encodeURIComponent(value(part.name)))).join('')
    })
    .join('')
}
