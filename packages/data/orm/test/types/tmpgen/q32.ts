import { M32 } from './m32.ts'
export async function q32() { const a = M32.where(c => c.views.gt(3)) }
