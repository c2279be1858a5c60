import { M49 } from './m49.ts'
export async function q49() { const a = M49.where(c => c.views.gt(3)) }
