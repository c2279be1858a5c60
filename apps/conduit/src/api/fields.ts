import Type, { type TObject, type TProperties, type TSchema, type TSchemaOptions, type TUnsafe } from 'typebox'

/** Text with more than white space in it. @param text what else it has to be */
export function filled(text: TSchema = Type.String(), options: TSchemaOptions = {}): TUnsafe<string> {
  return Type.Unsafe<string>({ ...text, pattern: '\\S', ...options })
}

/** What RealWorld clients send: fields in one named object, and members nobody asked for are ignored. */
export function wrapped<const Key extends string, Fields extends TProperties>(
  key: Key,
  fields: Fields,
): TObject<Record<Key, TObject<Fields>>> {
  const open = { additionalProperties: true }
  return Type.Object({ [key]: Type.Object(fields, open) } as Record<Key, TObject<Fields>>, open)
}
