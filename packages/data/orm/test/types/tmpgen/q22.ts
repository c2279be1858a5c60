import { M22 } from './m22.ts'
export async function q22() { const a = M22.where(c => c.views.gt(3)) }
