import { M12 } from './m12.ts'
export async function q12() { const a = M12.where(c => c.views.gt(3)) }
