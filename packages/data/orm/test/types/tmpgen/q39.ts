import { M39 } from './m39.ts'
export async function q39() { const a = M39.where(c => c.views.gt(3)) }
