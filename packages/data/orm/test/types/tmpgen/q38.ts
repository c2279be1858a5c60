import { M38 } from './m38.ts'
export async function q38() { const a = M38.where(c => c.views.gt(3)) }
