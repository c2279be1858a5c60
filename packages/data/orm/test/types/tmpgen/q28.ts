import { M28 } from './m28.ts'
export async function q28() { const a = M28.where(c => c.views.gt(3)) }
