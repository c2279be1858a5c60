import { M48 } from './m48.ts'
export async function q48() { const a = M48.where(c => c.views.gt(3)) }
