/** The same tests ran before in this run, on another Node: what is tested at length are the servers. */
const again = process.env['COVET_TEST_AGAIN'] === '1'

/** How long each engine is soaked. */
export const soakMinutes = Number(process.env['SOAK_MINUTES'] ?? (again ? 1 / 6 : 1))

/** Whether there is time for the sizes that a short run only comes near to. */
export const isLong = soakMinutes > 1

/** How often a process is killed while it writes. */
export const kills: number = isLong ? 100 : again ? 4 : 8

/** How often a connection is cut between COMMIT and its answer. */
export const cuts: number = again ? 100 : 1_000

/** Of a stream that must not be held in memory; a tenth of them takes 20 MB. */
export const streamedRows: number = again ? 100_000 : 1_000_000
