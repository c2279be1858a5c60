/** The most physical memory that this process ever had, in bytes. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1_024
}
