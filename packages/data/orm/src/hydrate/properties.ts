import { isDecoded } from '../codecs/codec-of.ts'
import type { Declaration } from '../meta/declaration.ts'

/** The properties of a model's columns in their order, as far as they can be told before its relations' targets are there. */
export function columnProperties({ shape }: Declaration): readonly string[] {
  const names = new Set<string>()
  for (const [name, member] of Object.entries(shape)) {
    if (member.kind === 'field') names.add(name)
    else if (member.kind === 'polymorphic') names.add(`${name}Type`).add(`${name}Id`)
    else if (member.kind === 'belongsTo') {
      const { fk } = member.definition
      if (typeof fk === 'object') for (const own of Object.keys(fk)) names.add(own)
      else names.add(fk ?? `${name}Id`)
    }
  }
  return [...names]
}

/** Those whose values no engine has decoded. */
export function plainProperties({ shape }: Declaration): ReadonlySet<string> {
  const plain = Object.entries(shape).filter(([, member]) => member.kind === 'field' && !isDecoded(member.definition))
  return new Set(plain.map(([name]) => name))
}
