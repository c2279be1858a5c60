import { M45 } from './m45.ts'
export async function q45() { const a = M45.where(c => c.views.gt(3)) }
