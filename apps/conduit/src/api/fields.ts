import Type, { type TObject, type TProperties, type TString, type TStringOptions, type TUnsafe } from 'typebox'

/** A string with more than white space in it. */
export function filled(options: TStringOptions = {}): TString {
  return Type.String({ pattern: '\\S', ...options })
}

/** One type with null beside it, where `anyOf` would be two things to check and to document. */
export const NullableString: TUnsafe<string | null> = Type.Unsafe<string | null>({ type: ['string', 'null'] })

/** What RealWorld clients send: fields in one named object, and members nobody asked for are ignored. */
export function wrapped<const Key extends string, Fields extends TProperties>(
  key: Key,
  fields: Fields,
): TObject<Record<Key, TObject<Fields>>> {
  const open = { additionalProperties: true }
  return Type.Object({ [key]: Type.Object(fields, open) } as Record<Key, TObject<Fields>>, open)
}

/** UTC with milliseconds: `2026-11-21T09:30:00.120Z`. */
export const DateTime: TString = Type.String({ format: 'date-time' })
