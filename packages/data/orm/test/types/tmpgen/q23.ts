import { M23 } from './m23.ts'
export async function q23() { const a = M23.where(c => c.views.gt(3)) }
