import { parsePath, type PathParam, patternOf, type PathToken, variantsOf } from '@covet/router'

/** A path as OpenAPI writes it. */
export interface PathTemplate {
  /** The same for all paths that the router cannot tell apart. */
  readonly pattern: string
  readonly template: string
  readonly params: readonly PathParam[]
}

const wildcardName = 'wildcard'

/** One template, or two for a path that ends with an optional parameter. */
export function templatesOf(path: string): readonly PathTemplate[] {
  return variantsOf(parsePath(path)).map(toTemplate)
}

function toTemplate(tokens: readonly PathToken[]): PathTemplate {
  const params: PathParam[] = []
  const template = tokens.map((token) => {
    if (token.kind === 'static') return token.text
    const parts = token.kind === 'wildcard' ? [{ name: '*' }] : token.parts
    return parts
      .map((part) => {
        if (typeof part === 'string') return part
        params.push(part)
        return `{${templateName(part.name)}}`
      })
      .join('')
  })
  return { pattern: patternOf(tokens), template: template.join('') || '/', params }
}

/** OpenAPI has no parameter without a name. */
export function templateName(name: string): string {
  return name === '*' ? wildcardName : name
}
