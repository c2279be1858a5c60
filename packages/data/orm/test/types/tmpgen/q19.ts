import { M19 } from './m19.ts'
export async function q19() { const a = M19.where(c => c.views.gt(3)) }
