import { M43 } from './m43.ts'
export async function q43() { const a = M43.where(c => c.views.gt(3)) }
