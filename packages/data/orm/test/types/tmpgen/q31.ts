import { M31 } from './m31.ts'
export async function q31() { const a = M31.where(c => c.views.gt(3)) }
