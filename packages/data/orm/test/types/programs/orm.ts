import type { ModelFunction } from '../../../src/types/model-function.ts'

export { f, timestamps } from '../../../src/fields/f.ts'
export { belongsTo } from '../../../src/relations/belongs-to.ts'
export { hasMany, hasOne } from '../../../src/relations/has.ts'
export { manyToMany } from '../../../src/relations/many-to-many.ts'
export { polymorphic } from '../../../src/relations/polymorphic.ts'
export type { With } from '../../../src/types/with.ts'
export declare const Model: ModelFunction
