import type { Codec } from '../codecs/codec.ts'
import { ModelDefinitionError } from '../errors.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import { DecryptionFailedError, MissingKeysError } from './errors.ts'
import { type KeyService, keyService } from './key-service.ts'
import { fromPlain, toPlain } from './plain.ts'

const version = 'cv1'
const shape = /^cv1:([\w.-]{1,64}):([\w-]*)$/
const places = new WeakMap<FieldDefinition, string>()

/**
 * The field of one column: what is encrypted is bound to the column, so that it cannot be moved to another one. The row's
 * key cannot be part of that, as an engine gives it only when the row is there.
 * @throws {ModelDefinitionError} for a column that has to be compared
 */
export function sealedField(model: string, property: string, table: string, column: string, field: FieldDefinition): FieldDefinition {
  if (field.primary || field.unique || field.index || field.generated) {
    throw new ModelDefinitionError(
      model,
      `'${property}' is encrypted, so it cannot be a key, unique, indexed or generated: the same value is stored differently each time.`,
    )
  }
  const own = { ...field }
  places.set(own, `${table}.${column}`)
  return own
}

/** How an encrypted field travels: as text with the name of its key. */
export function sealedCodec(field: FieldDefinition): Codec {
  const place = places.get(field) ?? ''
  return {
    encode(value) {
      const { key, bytes } = service(place).encrypt(toPlain(value, field), place)
      return `${version}:${key}:${Buffer.from(bytes).toString('base64url')}`
    },
    decode(raw) {
      const [, key, bytes = ''] = shape.exec(String(raw)) ?? []
      if (key === undefined)
        throw new DecryptionFailedError(place, 'the stored value was not encrypted. Encrypt the rows that were there before the field was.')
      return fromPlain(service(place).decrypt({ key, bytes: Buffer.from(bytes, 'base64url') }, place), field)
    },
    cast: 'text',
  }
}

function service(place: string): KeyService {
  const keys = keyService()
  if (!keys) throw new MissingKeysError(place)
  return keys
}
