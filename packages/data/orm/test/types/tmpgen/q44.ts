import { M44 } from './m44.ts'
export async function q44() { const a = M44.where(c => c.views.gt(3)) }
