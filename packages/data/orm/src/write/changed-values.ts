import { accessOf } from '../hydrate/access.ts'
import { metaOf } from '../meta/registry.ts'
import { changesOf } from './changes.ts'
import { subjectOf } from './subject.ts'

/** The columns of an instance that differ from what is stored; of a new one all that are set. */
export function changedValues(instance: object): Record<string, unknown> {
  const meta = metaOf(instance.constructor)
  const values = instance as Readonly<Record<string, unknown>>
  const row = accessOf(meta).rowOf(instance)
  const changed = row
    ? changesOf(subjectOf(instance).writer, instance, row).map(({ column: { property } }) => property)
    : meta.columns.map(({ property }) => property).filter((property) => values[property] !== undefined)
  return Object.fromEntries(changed.map((property) => [property, values[property]]))
}
