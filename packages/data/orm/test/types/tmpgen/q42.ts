import { M42 } from './m42.ts'
export async function q42() { const a = M42.where(c => c.views.gt(3)) }
