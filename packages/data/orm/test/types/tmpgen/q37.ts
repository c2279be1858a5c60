import { M37 } from './m37.ts'
export async function q37() { const a = M37.where(c => c.views.gt(3)) }
