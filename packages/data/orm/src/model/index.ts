import { makeModel } from './model.ts'

export const Model: typeof makeModel = makeModel
