/** One plain object type, for a type that is shown to somebody. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {}
