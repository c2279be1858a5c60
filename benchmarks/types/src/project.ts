/** A generated project: file names and their contents. */
export type Files = ReadonlyMap<string, string>

export interface Size {
  models: number
  /** Queries in the file of each model. */
  queriesPerModel: number
}

/** One library written with as its users write it: the same models, the same kinds of queries. */
export interface Subject {
  /** The models alone. */
  models(size: Size): Files
  /** One file per model with the queries. */
  queries(size: Size): Files
}

/** The names of the models a model is related to: neighbours at 1, 7, 13 and 3 steps, in both directions, so that all form cycles. */
export function neighbour(index: number, { models }: Size): number {
  return ((index % models) + models) % models
}

/** Numbers from 0 on. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** One file per model from what `content` writes for it. */
export function filePerModel(prefix: string, { models }: Size, content: (index: number) => string): Files {
  return new Map(upTo(models).map((index) => [`${prefix}${index}.ts`, content(index)]))
}

/** The body of an async function with the queries, each of the forms in turn. */
export function queryFunction(index: number, { queriesPerModel }: Size, forms: readonly ((query: number) => string)[]): string {
  const lines = upTo(queriesPerModel).map((query) => `  ${forms[query % forms.length]?.(query)}`)
  return `export async function q${index}() {\n${lines.join('\n')}\n}\n`
}
