import { M47 } from './m47.ts'
export async function q47() { const a = M47.where(c => c.views.gt(3)) }
