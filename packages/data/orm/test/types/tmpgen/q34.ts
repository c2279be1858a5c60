import { M34 } from './m34.ts'
export async function q34() { const a = M34.where(c => c.views.gt(3)) }
