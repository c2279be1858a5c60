/** Stands for a value while a query is compiled, so that the compiled parameters tell which value goes where. */
export class Param {
  readonly slot: number
  /** From the query's value to the driver's parameter; absent when it is the same. */
  readonly encode: ((value: unknown) => unknown) | undefined

  constructor(slot: number, encode?: (value: unknown) => unknown) {
    this.slot = slot
    this.encode = encode
  }
}

/** Makes the driver's parameters of a query's values. */
export type Bind = (values: readonly unknown[]) => unknown[]

/** @param parameters as the compiler left them: a {@link Param}, or a constant */
export function binder(parameters: readonly unknown[]): Bind {
  const params = [...parameters]
  const inOrder = params.every((param, index) => param instanceof Param && param.slot === index && param.encode === undefined)
  if (inOrder) return (values) => (values.length === params.length ? (values as unknown[]) : values.slice(0, params.length))
  return (values) => params.map((param) => (param instanceof Param ? bindOne(param, values) : param))
}

function bindOne({ slot, encode }: Param, values: readonly unknown[]): unknown {
  const value = values[slot]
  return encode === undefined || value === null ? value : encode(value)
}
