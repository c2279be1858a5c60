import { CovetError } from '@covet/core'

/** A route as an error names it. */
export interface NamedRoute {
  method: string
  path: string
  /** `file:line` of its declaration. */
  at: string
}

const named = ({ method, path, at }: NamedRoute): string => `${method} ${path} (${at})`

/** Two routes have one method and one pattern. */
export class DuplicateRouteError extends CovetError {
  constructor(route: NamedRoute, first: NamedRoute) {
    super(
      'router/duplicate-route',
      `${named(route)} repeats ${named(first)}: no request can tell them apart. Remove one, or change its path.`,
    )
  }
}

/** A route is never reached, because another one takes all of its requests. */
export class ShadowedRouteError extends CovetError {
  constructor(route: NamedRoute, by: NamedRoute) {
    super(
      'router/shadowed-route',
      `${named(route)} is never reached: ${named(by)} takes its requests. Narrow the expression of the second, or remove one.`,
    )
  }
}

/** `RouteGuard` is filled and the route says neither who may call it nor that everybody may. */
export class UndeclaredAccessError extends CovetError {
  constructor(route: NamedRoute) {
    super('router/undeclared-access', `${named(route)} says neither \`auth\` nor \`public: true\`. Say who may call it.`)
  }
}

/** A route says both `auth` and `public: true`. */
export class ContradictingAccessError extends CovetError {
  constructor(route: NamedRoute) {
    super('router/contradicting-access', `${named(route)} says both \`auth\` and \`public: true\`. Keep one of them.`)
  }
}

/** A route has `auth`, and nothing here can enforce it. */
export class UnguardedRouteError extends CovetError {
  constructor(route: NamedRoute) {
    super(
      'router/unguarded-route',
      `${named(route)} has \`auth\`, but no plugin provides 'route-guard'. Add auth() from @covet/auth, or provide RouteGuard.`,
    )
  }
}

/** Routes were declared where the router could not see them, or the router came twice. */
export class LateRouterError extends CovetError {
  constructor(fact: string) {
    super('router/late-router', `${fact} Register router() before anything that declares routes.`)
  }
}

/** A regular expression can take time that grows faster than the text it reads. */
export class RedosError extends CovetError {
  constructor(source: string, place: string, at: string) {
    super(
      'router/redos',
      `The regular expression /${source}/ in ${place} (${at}) can backtrack without end on hostile text. Rewrite it, ` +
        'bound the text with maxLength up to 256 where it only backtracks moderately, or list it in dangerouslyAllowPatterns of router().',
    )
  }
}

/** The schema of a route's params and its path name different parameters. */
export class ParamsMismatchError extends CovetError {
  constructor(route: NamedRoute, names: readonly string[], inPath: readonly string[]) {
    const known = inPath.length === 0 ? 'none' : inPath.map((name) => `'${name}'`).join(', ')
    super(
      'router/params-mismatch',
      `${named(route)}: the params schema names ${names.map((name) => `'${name}'`).join(', ')}, the path has ${known}. Make them agree.`,
    )
  }
}

/** A body schema cannot be closed to unknown members. */
export class OpenBodyError extends CovetError {
  constructor(place: string) {
    super(
      'router/open-body',
      `The body schema cannot be closed at '${place}': what a $ref inside a combination names is not known here. Write additionalProperties at that place.`,
    )
  }
}

/** What a middleware adds to the request is taken by something else. */
export class AdditionTakenError extends CovetError {
  constructor(middleware: string, property: string) {
    super(
      'router/addition-taken',
      `The middleware '${middleware}' adds '${property}' to the request, where something else already is. Choose another name.`,
    )
  }
}

/** Two routes have one name. */
export class DuplicateNameError extends CovetError {
  constructor(name: string, route: NamedRoute, first: NamedRoute) {
    super('router/duplicate-name', `'${name}' names both ${named(first)} and ${named(route)}. Choose another name.`)
  }
}

/** No route has the name. */
export class UnknownNameError extends CovetError {
  constructor(name: string) {
    super('router/unknown-name', `No route is named '${name}'. Give one the option \`name\`.`)
  }
}

/** A URL was asked for without one of its parameters. */
export class MissingParamError extends CovetError {
  constructor(path: string, param: string) {
    super('router/missing-param', `The path '${path}' needs the parameter '${param}', and it must not be empty.`)
  }
}
