import { readFileSync } from 'node:fs'
import { Secret } from '@covet/core'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { containsSecret, itemOf, type SchemaNode } from './schema.ts'

/** The value with every string that the schema calls secret wrapped, wherever it is nested. */
export function wrapSecrets(node: SchemaNode, value: unknown): unknown {
  if (!containsSecret(node)) return value
  if (node.secret) return typeof value === 'string' ? new Secret(value) : value
  if (node.anyOf) return wrapInUnion(node.anyOf, value)
  if (node.allOf) return node.allOf.reduce((wrapped, member) => wrapSecrets(member, wrapped), value)
  if (Array.isArray(value)) return value.map((item, index) => wrapSecrets(itemOf(node, index), item))
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, wrapSecrets(memberOf(node, key), member)]))
}

/** Container platforms mount a secret as a file; editors end it with a line break. */
export function readSecretFile(path: string): string {
  return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
}

/** A value that fits a secret and a plain member is secret. */
function wrapInUnion(members: readonly SchemaNode[], value: unknown): unknown {
  const fitting = members.filter((member) => Value.Check(member as TSchema, value))
  const member = fitting.find(containsSecret) ?? fitting[0]
  return member ? wrapSecrets(member, value) : value
}

function memberOf({ properties, patternProperties, additionalProperties }: SchemaNode, key: string): SchemaNode {
  if (properties && Object.hasOwn(properties, key)) return properties[key] ?? {}
  const pattern = Object.keys(patternProperties ?? {}).find((source) => new RegExp(source).test(key))
  if (pattern !== undefined) return patternProperties?.[pattern] ?? {}
  return typeof additionalProperties === 'object' ? additionalProperties : {}
}
