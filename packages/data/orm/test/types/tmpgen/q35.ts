import { M35 } from './m35.ts'
export async function q35() { const a = M35.where(c => c.views.gt(3)) }
