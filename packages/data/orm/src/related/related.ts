import { InvalidQueryError } from '../errors.ts'
import { metaOf } from '../meta/registry.ts'
import type { Query } from '../query/query.ts'
import { BelongsToQuery } from './belongs-to-query.ts'
import { HasManyQuery } from './has-many-query.ts'
import { HasOneQuery } from './has-one-query.ts'
import { Link } from './link.ts'
import { ManyToManyQuery } from './many-to-many-query.ts'

/** The rows a relation of an instance leads to, as a query that can change them too. @throws {UnknownRelationError} */
export function relatedQuery(instance: object, name: string): Query {
  const meta = metaOf(instance.constructor)
  const relation = meta.relation(name)
  const link = new Link(instance, relation)
  switch (relation.kind) {
    case 'belongsTo':
      return new BelongsToQuery(link)
    case 'hasOne':
      return new HasOneQuery(link)
    case 'hasMany':
      return new HasManyQuery(link)
    case 'manyToMany':
      return new ManyToManyQuery(link)
    case 'polymorphic':
      throw new InvalidQueryError(
        `${meta.name}.${name} leads to rows of several models, which one query cannot read. Use await instance.load('${name}'), or set ${name}Type and ${name}Id.`,
      )
  }
}
