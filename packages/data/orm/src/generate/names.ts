import { ModelInstance } from '../model/instance.ts'

/** The names taken in one place, and the way out when somebody wants one of them. */
export class Names {
  readonly #taken: Set<string>

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved)
  }

  /** The first of the wishes that is free; else the last one with a number. */
  claim(...wishes: readonly [string, ...string[]]): string {
    const free = wishes.find((wish) => !this.#taken.has(wish)) ?? this.#numbered(wishes.at(-1) ?? wishes[0])
    this.#taken.add(free)
    return free
  }

  #numbered(wish: string): string {
    let number = 2
    while (this.#taken.has(`${wish}${number}`)) number += 1
    return `${wish}${number}`
  }
}

/** What instances have beside columns, and what must not be the name of a property at all. */
export const reservedProperties: readonly string[] = [
  ...Object.getOwnPropertyNames(ModelInstance.prototype),
  'pivot',
  'prototype',
  '__proto__',
  'then',
]

/** What the generated files import, and what a class of this name would hide in them. */
export const reservedClasses: readonly string[] = [
  'Model',
  'Array',
  'Date',
  'Error',
  'Function',
  'Map',
  'Number',
  'Object',
  'Promise',
  'Record',
  'Set',
  'String',
  'Symbol',
  'Buffer',
]
