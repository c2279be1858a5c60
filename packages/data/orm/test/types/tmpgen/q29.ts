import { M29 } from './m29.ts'
export async function q29() { const a = M29.where(c => c.views.gt(3)) }
