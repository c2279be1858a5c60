export * from './errors.ts'
export * from './fields/errors.ts'
export * from './relations/errors.ts'
export * from './validation/errors.ts'
