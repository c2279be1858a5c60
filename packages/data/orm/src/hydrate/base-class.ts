import type { Database } from '@covet/db'
import type { Declaration } from '../meta/declaration.ts'
import { columnProperties, plainProperties } from './properties.ts'

/** A row as the driver gave it, and later as it was written: what `save` compares with. */
export type Row = unknown[]

/** How the values of a row become those of an instance, by position. */
export type Decoders = readonly (((raw: unknown) => unknown) | undefined)[]

/** Instances that came together: gone when nobody else holds them, where they are many. */
export interface Peers {
  deref(): readonly object[] | undefined
}

/** The instances a query answered together, as long as somebody holds them. */
export interface ResultSet {
  readonly database: Database
  readonly peers: Peers | undefined
}

/** What the run time keeps of an instance beside its columns: private to the class, invisible to everybody else. */
export interface InstanceAccess {
  rowOf(instance: object): Row | undefined
  setOf(instance: object): ResultSet | undefined
  /** Undefined takes back what was kept: the instance counts as never stored. */
  keep(instance: object, row: Row | undefined, set: ResultSet | undefined): void
}

export interface BaseClass {
  readonly base: new (row?: Row, decoders?: Decoders, set?: ResultSet) => object
  readonly access: InstanceAccess
}

/**
 * The class a model's class extends. Its constructor is generated, so that every instance has one hidden class with its
 * columns inside; where the process forbids code from strings, a loop does the same.
 */
export function makeBaseClass(declaration: Declaration): BaseClass {
  const properties = columnProperties(declaration)
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- property names are quoted by JSON.stringify; nothing else enters the text
    const make = new Function(source(properties, plainProperties(declaration))) as () => BaseClass
    return make()
  } catch (error) {
    if ((error as Error).name !== 'EvalError') throw error
    return loopingBase(properties)
  }
}

function source(properties: readonly string[], plain: ReadonlySet<string>): string {
  const assignments = properties.map((property, index) => {
    const value = plain.has(property)
      ? `r[${index}]`
      : `d[${index}] === undefined || r[${index}] === null ? r[${index}] : d[${index}](r[${index}])`
    return `this[${JSON.stringify(property)}] = ${value}`
  })
  return `'use strict'
class Base {
  #row
  #set
  constructor(r, d, set) {
    if (r !== undefined) {
      ${assignments.join('\n      ')}
      this.#row = r
      this.#set = set
    }
  }
  static access = {
    rowOf: (instance) => instance.#row,
    setOf: (instance) => instance.#set,
    keep: (instance, row, set) => { instance.#row = row; instance.#set = set },
  }
}
const { access } = Base
delete Base.access
return { base: Base, access }`
}

function loopingBase(properties: readonly string[]): BaseClass {
  class Base {
    #row: Row | undefined
    #set: ResultSet | undefined

    constructor(row?: Row, decoders: Decoders = [], set?: ResultSet) {
      if (row === undefined) return
      const own = this as unknown as Record<string, unknown>
      for (const [index, property] of properties.entries()) {
        const decode = decoders[index]
        own[property] = decode === undefined || row[index] === null ? row[index] : decode(row[index])
      }
      this.#row = row
      this.#set = set
    }

    static access(): InstanceAccess {
      return {
        rowOf: (instance) => (instance as Base).#row,
        setOf: (instance) => (instance as Base).#set,
        keep: (instance, row, set) => {
          ;(instance as Base).#row = row
          ;(instance as Base).#set = set
        },
      }
    }
  }
  return { base: Base, access: Base.access() }
}
