import type { ModelFunction } from '../types/model-function.ts'
import { makeModel } from './model.ts'

/** Makes the class that a model's class extends. */
export const Model: ModelFunction = makeModel as unknown as ModelFunction
