/** Up to the first delimiter, or all of it. */
type Until<Text extends string, Delimiter extends string> = Text extends `${infer Head}${Delimiter}${string}` ? Head : Text

/** A parameter's name ends where find-my-way ends it. */
type NameAt<Text extends string> = Until<Until<Until<Until<Until<Text, '/'>, '-'>, '.'>, '('>, '?'>

type WithoutRegex<Text extends string> = Text extends `(${string})${infer Rest}` ? Rest : Text

type Required<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `:${infer AfterColon}`
    ? Required<AfterColon>
    : Rest extends `${NameAt<Rest>}${infer Tail}`
      ? (WithoutRegex<Tail> extends `?${string}` ? never : NameAt<Rest>) | Required<WithoutRegex<Tail>>
      : never
  : never

type Optional<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `:${infer AfterColon}`
    ? Optional<AfterColon>
    : Rest extends `${NameAt<Rest>}${infer Tail}`
      ? (WithoutRegex<Tail> extends `?${string}` ? NameAt<Rest> : never) | Optional<WithoutRegex<Tail>>
      : never
  : never

type Wildcard<Path extends string> = Path extends `${string}*` ? '*' : never

type NamedParams<Needed extends string, Spare extends string> = [Spare] extends [never]
  ? { [Name in Needed]: string }
  : { [Name in Needed]: string } & { [Name in Spare]?: string }

/**
 * The parameters of a path as find-my-way reads it: `:slug`, `:id(^\\d+$)`, `:from-:to`, `:page?` and `*`.
 * A path that is not a literal has any.
 */
export type PathParams<Path extends string> = string extends Path
  ? Record<string, string>
  : NamedParams<Required<Path> | Wildcard<Path>, Optional<Path>>
